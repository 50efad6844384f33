"""Words an appendix says when with. They are recognised in input and name periods as documents do.

Patterns are written in lower-case Vietnamese with its accents, for `words.pattern`.
"""

# ---------------------------------------------------------------- names of periods

MONTH = "Tháng"
QUARTER = "Quý"
YEAR = "Năm"
FIRST_MONTHS_OF_YEAR = "tháng đầu năm"
LAST_MONTHS_OF_YEAR = "tháng cuối năm"

# ---------------------------------------------------------------- points in time

LONG_DAY = r"\bngày (\d{1,2}) tháng (\d{1,2})\b"
OF_A_YEAR_IN_WORDS = r"\b(i{1,3}|iv|\d{1,2})[ ,]*(?:/ ?|của )?năm (\d{4})\b"
JOINT = r"\s*(?:(?P<list>[,;&+]|\bvà\b)|(?P<span>-|\bđến(?: hết)?\b))\s*"

_OF_YEAR = r"(?:/(?P<year>\d{4}|\d{2}))?"
A_DAY = r"(?:ngày )?(?P<d>\d{1,2})/(?P<m>\d{1,2})" + _OF_YEAR
A_MONTH = r"tháng (?P<n>\d{1,2})" + _OF_YEAR
A_QUARTER = r"(?:qu[yi]|q\.?) ?(?P<n>iv|i{1,3}|\d)" + _OF_YEAR
# The "11" of "tháng 10, 11/2025": it takes the noun of the item before.
ELIDED = r"(?P<n>iv|i{1,3}|\d{1,2})" + _OF_YEAR
FIRST_MONTHS = r"0?(?P<n>[369]) tháng đầu năm(?: (?P<year>\d{4}))?"
SECOND_HALF = r"0?6 tháng cuối năm(?: (?P<year>\d{4}))?"
A_YEAR = r"(?:cả )?năm(?: (?P<year>\d{4}))?"

# ---------------------------------------------------------------- whole wordings

_BY = (
    r"(?:(?:hoàn thành|thực hiện|xong|trong|vào|chậm nhất|muộn nhất|không quá|không muộn hơn"
    r"|đến hết|đến|hết|là) )*"
)
_EVERY = r"(?:định kỳ )?(?:hàng|mỗi)"
_BOUND = r"(?:(?P<bound>trước|chậm nhất|muộn nhất|không quá|vào)(?: là)?(?: vào)? )?"
_ON_DAY = _BOUND + r"ngày (?P<day>\d{1,2})(?: của)?"
_WITHIN = r"(?:(?:trong(?: vòng| thời hạn)?|chậm nhất|không quá)(?: là)? )?"
_DAYS = r"(?P<days>\d{1,3})(?: ?\([^)\d]*\))? ngày(?P<working> làm việc)?"
_SINCE = r",? (?:kể từ|tính từ|từ|sau)(?: ngày| khi| thời điểm)* (?P<event>\w[^\d,;]*)"
_ANY = r"[^\d,;]*"  # a second number or clause would be a second condition: nobody guesses then

# Thường xuyên; Hàng ngày; Thường xuyên, liên tục
CONTINUOUS = r"thường xuyên(?:,? liên tục)?(?: trong năm(?: \d{4})?)?|liên tục|hàng ngày"
# Khi có yêu cầu; Khi có phát sinh; Đột xuất; Khi có hồ sơ trễ hạn
WHEN_IT_HAPPENS = r"(?:đột xuất,? )?khi (?:có |cần|phát sinh)" + _ANY
ON_REQUEST = r"đột xuất|theo yêu cầu" + _ANY
# Trong vòng 30 ngày kể từ ngày có kết luận; Chậm nhất 05 ngày làm việc kể từ ngày tiếp nhận
DAYS_AFTER = _WITHIN + _DAYS + _SINCE
# Theo Chương trình của UBND tỉnh; Sau khi có kết quả khảo sát
BY_REFERENCE = r"(?:theo|sau khi) .*"
PERIODIC = r"định kỳ"
# Hàng tháng; Hằng quý; Định kỳ 6 tháng; Hằng năm
EVERY_MONTH = _EVERY + r" tháng"
EVERY_QUARTER = _EVERY + r" quý"
EVERY_HALF = r"(?:định kỳ|hàng|mỗi) 0?6 tháng(?: một lần)?"
EVERY_YEAR = _EVERY + r" (?P<when>năm)"
# Hằng tháng, chậm nhất ngày 05 tháng sau
EVERY_MONTH_DAY_OF_NEXT = (
    _EVERY + r" tháng,? " + _ON_DAY + r" tháng (?:sau|kế tiếp|tiếp theo|liền kề)"
)
# Hằng tháng, trước ngày 25; Ngày 25 hằng tháng
EVERY_MONTH_ON_DAY = _EVERY + r" tháng,? " + _ON_DAY
ON_DAY_EVERY_MONTH = _ON_DAY + r" (?:hàng|mỗi) tháng"
# Ngày 15 của tháng cuối quý; Hằng quý, chậm nhất ngày 10 tháng đầu quý sau
DAY_OF_QUARTERS_LAST_MONTH = (
    rf"(?:{_EVERY} quý,? )?" + _ON_DAY + r" tháng cuối(?: của)?(?: mỗi| hàng)? quý"
)
DAY_AFTER_QUARTER = _EVERY + r" quý,? " + _ON_DAY + r" tháng đầu(?: của)? quý sau"
# Trước ngày 30/11/2025; Từ 01/4/2025; Quý II, Quý III/2025; Đến hết ngày 30/11/2025; 30/6
BEFORE = _BY + r"trước (?P<when>.+)"
FROM_ON = r"từ (?P<when>.+)"
BY = _BY + r"(?P<when>.+)"
