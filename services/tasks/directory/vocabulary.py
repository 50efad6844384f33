"""Words by which an appendix names several units at once. Patterns for `words.pattern`."""

_OURS = "(?: (?:trực )?thuộc sở(?: nội vụ)?)?"
_EVERY = "(?:tất cả |toàn thể )?(?:các )?"
_BODIES = "(?:đơn vị|trung tâm)"

ALL_UNITS = (
    f"{_EVERY}phòng(?: chuyên môn)?(?: ban)?(?: và)?(?: các)? {_BODIES}(?: sự nghiệp)?{_OURS}"
)
ALL_ROOMS = f"các phòng chuyên môn{_OURS}"
ALL_CENTRES = f"các {_BODIES} sự nghiệp{_OURS}"
SOME_UNITS = f"các (?:phòng|phòng ban|{_BODIES}){_OURS}"
UNITS_CONCERNED = r"các (?:(?!và |các |thuộc )\w+ )*liên quan"
START_OF_GROUP = r"(?:tất cả |toàn thể )?các [^;\n]*"
