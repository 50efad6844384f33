"""Words by which an appendix names several units at once, and letters the database folds.

The former are patterns for `words.pattern`.
"""

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

# Letters with marks, and the same without: what the database folds words by to sort and find them.
WITH_MARKS = (
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
)
WITHOUT = (
    "aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd"
    "aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd"
)
