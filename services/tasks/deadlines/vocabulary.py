"""Words an appendix says when with. They are recognised in input and name periods as documents do.

Patterns are written in lower-case Vietnamese with its accents, for `words.pattern`.
"""

# ---------------------------------------------------------------- names of periods and duties

MONTH = "Tháng"
QUARTER = "Quý"
YEAR = "Năm"
FIRST_MONTHS_OF_YEAR = "tháng đầu năm"
LAST_MONTHS_OF_YEAR = "tháng cuối năm"
WEEK_UNTIL = "Tuần đến"
ON_THE_DAY = "ngày"
ALWAYS = "Thường xuyên"
ON_EVENT = "Theo sự việc"
LATER_YEARS = "Các năm tiếp theo"

# ---------------------------------------------------------------- other spellings

BULLET = r"^[-+•*] ?(?=\S)"
_DAYS_OF_A_MONTH = (
    r"(?<![\w/.\-])(?<!trước )(?<!tháng )(?<!quý )(?:từ )?(?:ngày )?(\d{1,2}) ?- ?"
    r"(\d{1,2}/\d{1,2}(?:/\d{4})?)(?![\d/\-])"
)
# 2025-06-30; 30-6-2025; Quí; T9; Quý IV-2025; 9.2025; Tháng 9 2025; 15-20/6; tới 15/8; Tháng9.
# What stands there instead.
SPELLINGS = (
    (r"(?<![\d/.\-])(20\d\d)-(\d{1,2})-(\d{1,2})(?![\d/.\-])", r"\3/\2/\1"),
    (r"\b(\d{1,2}) ?- ?(\d{1,2}) ?- ?(\d{4})\b", r"\1/\2/\3"),
    (r"\b(\d{1,2}) ?\. ?(\d{1,2}) ?\. ?(\d{4})\b", r"\1/\2/\3"),
    (r"\bqui\b", "quý"),
    (r"\bt\.? ?(\d{1,2})\b(?! (?:hàng|mỗi) tuần)", r"tháng \1"),
    (r"\b(i{1,3}|iv) ?[-.] ?(\d{4})\b", r"\1/\2"),
    (r"(?<![\d/.\-])(\d{1,2}) ?[-.] ?(\d{4})\b(?! ?-)", r"\1/\2"),
    (r"\b((?:tháng|quý|q) ?(?:iv|i{1,3}|\d{1,2})) (\d{4})\b", r"\1/\2"),
    (_DAYS_OF_A_MONTH, r"từ ngày \1 đến ngày \2"),
    (r"\btới(?= (?:hết |ngày |tháng |quý |năm |\d))", "đến"),
    (r"\b(trước|ngày|tháng|năm|đến|từ)(?=\d)", r"\1 "),
)
# Numbers in words, with their accents: "tháng Sáu" is June, "tháng sau" the next one. The fifth
# month only where a year follows ("tháng Năm/2025"): "tháng năm" may have lost a number.
NUMBERS_IN_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "năm": 5,
}  # fmt: skip
_IN_WORDS = r"(?<!hàng )(?<!hằng )(?<!mỗi )(?<!từng )\b"
_ENDS_THERE = r"(?=$|[,;)\n]| ?[/-]| (?:năm|và|đến|tới)\b)"
MONTH_IN_WORDS = (
    _IN_WORDS + r"(?P<noun>tháng) (?P<number>mười một|mười hai|một|hai|ba|tư|bốn|sáu|bảy|bẩy|tám"
    r"|chín|mười|năm(?= ?/| năm \d))" + _ENDS_THERE
)
QUARTER_IN_WORDS = _IN_WORDS + r"(?P<noun>quý) (?P<number>một|hai|ba|tư|bốn)" + _ENDS_THERE
MONTHS_IN_WORDS = (
    r"(?<!tháng )(?<!thứ )(?<!ngày )(?<!mươi )(?<!mùng )(?<!mồng )(?<!quý )"
    r"\b(?P<number>ba|sáu|chín)(?= tháng\b)"
)
# Hằng quý (trước ngày 15 tháng cuối quý): what the brackets say belongs to what stands before.
BRACKETS = (
    r",? ?\(((?:trước|chậm nhất|muộn nhất|không quá|vào|ngày|khi|hàng|theo)\b[^()]*)\)",
    r": \1",
)
NEXT_YEAR = r"(?<!các )(?<!những )\b(?:của )?năm (?:sau|kế tiếp|tiếp theo|liền kề|tới)\b(?! khi)"
YEAR_IN_WORDS = "năm"

_HOUR = (
    r"(?P<hour>(?P<h>\d{1,2}) ?(?:(?:h|g|giờ) ?(?P<m>\d{2})?(?: ?phút)?|:(?P<min>\d{2}))"
    r"(?: sáng| chiều)?)"
)
# Trước 15h00 ngày 28/11/2025; Trước 10 giờ 00, thứ Sáu hàng tuần
HOUR_OF_DAY = (
    r"(?P<before>\btrước(?: lúc)? )?(?:\bvào lúc |\blúc )?\b"
    + _HOUR
    + r",? (?:của )?(?=ngày |thứ |chủ nhật|hàng |\d{1,2}/)"
)
HOUR_AFTER_DAY = r",? (?P<before>trước |chậm nhất |muộn nhất )?(?:vào |lúc )*\b" + _HOUR + r"$"
EXCLUDED = r"\btrước\b"
EVERY_DAY = r"\bhàng ngày\b"
BEFORE_THE_HOUR = "chậm nhất "

WEEKDAY = r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|cn)"
WEEKDAY_NUMBERS = ("hai", "ba", "tư", "năm", "sáu", "bảy", "nhật")
WEEKDAY_AFTER_DAY = (
    r"(?<=\d)(?:,? ?\((?:nhằm |tức )?(?:ngày )?(?P<a>" + WEEKDAY + r")\)"
    r"|, (?:nhằm |tức )?(?:ngày )?(?P<b>" + WEEKDAY + r"))(?! (?:hàng|mỗi))"
)
WEEKDAY_BEFORE_DAY = r"\b(?:ngày )?(?P<a>" + WEEKDAY + r"),? (?=(?:ngày )?\d{1,2}(?:/| tháng ))"

SAME_AS_ABOVE = r"[(\"'“”-]* ?(?:n/?t|như (?:dòng |mục )?trên) ?[)\"'“”.-]*|[\"“”″]|''|,,"

# ---------------------------------------------------------------- points in time

OF_A_YEAR_IN_WORDS = r"\b(i{1,3}|iv|\d{1,2})[ ,]*(?:/ ?|của )?năm (\d{4})\b"
JOINT = r"\s*(?:(?P<list>, và\b|[,;&+]|\bvà\b)|(?P<span>-|\bđến(?: hết)?\b))\s*"

_OF_YEAR = r"(?:/(?P<year>\d{4}|\d{2}))?"
A_DAY = r"(?:ngày )?(?P<d>\d{1,2})/(?P<m>\d{1,2})" + _OF_YEAR
_OF_MONTH = r"(?P<d>\d{1,2}) (?:của )?(?:các )?tháng (?P<m>\d{1,2})"
A_LONG_DAY = r"ngày (?:mùng |mồng )?" + _OF_MONTH + _OF_YEAR
# The "20 tháng 6" of "ngày 15 tháng 3, 20 tháng 6": only after another day.
A_LONG_DAY_IN_SHORT = _OF_MONTH + _OF_YEAR
# The "ngày 10" of "ngày 10 và ngày 20/6": it takes the month of a later item.
A_DAY_WITHOUT_MONTH = r"ngày (?P<d>\d{1,2})"
A_MONTH = r"(?:các )?tháng (?P<n>\d{1,2})" + _OF_YEAR
A_QUARTER = r"(?:các )?(?:quý|q\.?) ?(?P<n>iv|i{1,3}|\d)" + _OF_YEAR
# The "11" of "tháng 10, 11/2025": it takes the noun of the item before.
ELIDED = r"(?P<n>iv|i{1,3}|\d{1,2})" + _OF_YEAR
FIRST_MONTHS = r"0?(?P<n>[369]) tháng đầu năm(?: (?P<year>\d{4}))?"
# The "6 tháng" of "Quý I, 6 tháng, quý III, năm": only among others.
FIRST_MONTHS_IN_SHORT = r"0?(?P<n>[69]) tháng(?P<year>(?!))?"
SECOND_HALF = r"0?6 tháng cuối năm(?: (?P<year>\d{4}))?"
A_YEAR = r"(?:cả )?năm(?: (?P<year>\d{4}))?"
A_BARE_YEAR = r"(?P<year>20\d\d)"

# ---------------------------------------------------------------- parts of wordings

_DO = (
    r"(?:hoàn thành|thực hiện|triển khai|tổ chức|tiến hành|ban hành|xây dựng|tham mưu|trình|gửi"
    r"|nộp|phê duyệt|công bố|cập nhật|báo cáo|xong)(?: (?:kế hoạch|quyết định|văn bản|kết quả)\b)?"
)
_BY = (
    r"(?:(?:" + _DO + r"|trong|trong giai đoạn|giai đoạn|vào|chậm nhất|muộn nhất|không quá"
    r"|không muộn hơn|đến hết|đến|hết|là|thời hạn|thời gian)[:,]? )*"
)
_SEP = r"[,:]?(?: (?:và )?" + _DO + r")* "
_BOUND = r"(?:(?P<bound>trước|chậm nhất|muộn nhất|không quá|vào)(?: là)?(?: vào)? )?"
_NUMBER = r"(?:mùng |mồng )?\d{1,2}"
_DAY_NUMBERS = (
    r"ngày (?P<day>" + _NUMBER + r"(?:(?:, | và |, và )(?:ngày )?" + _NUMBER + r")*)(?: của)?"
)
_ON_DAY = _BOUND + _DAY_NUMBERS
_NEXT = r"(?:sau|kế tiếp|tiếp theo|liền kề|kế sau)"
_WITHIN = r"(?:(?:trong(?: vòng| thời hạn)?|chậm nhất|muộn nhất|không quá)(?: là)? )?"
_DAYS = r"(?P<days>\d{1,3})(?: ?\([^)\d]*\))? ngày(?P<working> làm việc)?"
_AFTER = r",? (?:kể từ|tính từ|từ|sau)(?: ngày| khi| thời điểm)*"
_ANY = r"[^\d,;:]*"  # a second number or clause would be a second condition: nobody guesses then
# A free tail that says when, too, is a duty of its own: it may not be swallowed.
TIME_IN_A_TAIL = (
    r"\b(?:(?:hàng|mỗi|đầu|trừ) (?:ngày|tuần|tháng|quý|năm)|định kỳ|thường xuyên|liên tục"
    r"|đột xuất|trước|chậm nhất|muộn nhất|không quá|tháng|tuần|cuối|quý (?:i{1,3}|iv|sau|này)"
    r"|(?:cả|trong|hết|từng) năm|năm (?:sau|này)|hoặc|nếu (?:có|cần|được)|khi|theo yêu cầu"
    r"|kết thúc (?:quý|năm)|dự kiến|tùy (?:theo|tình|vào))\b"
)

# ---------------------------------------------------------------- how often

_EVERY = r"(?:" + _DO + r" )*(?:(?:định kỳ )?(?:hàng|mỗi|từng)|định kỳ|báo cáo)"
_AT_LEAST = r"(?:(?:ít nhất|tối thiểu) )?"
_BY_LENGTH = r"(?:/lần| (?:một|0?1) lần)"
_ONCE = r"(?:/0?1 lần| (?:ít nhất |tối thiểu )?(?:một|0?1) lần|/lần)?"
_IN_THE_YEAR = r"(?:(?:,? trong năm(?: (?=\d))?|,? năm (?=\d))(?P<of>\d{4})?)?"
_WEEK = _EVERY + r" tuần" + _ONCE
_MONTH = (
    r"(?:" + _EVERY + r" tháng" + _ONCE + r"|" + _AT_LEAST + r"0?1 lần ?/ ?tháng"
    r"|0?1 tháng" + _BY_LENGTH + r"|(?:các|12) tháng(?= trong năm| năm \d))"
)  # fmt: skip
_QUARTER = (
    r"(?:" + _EVERY + r" (?:quý|0?3 tháng)" + _ONCE + r"|" + _AT_LEAST + r"0?1 lần ?/ ?quý"
    r"|0?3 tháng" + _BY_LENGTH + r"|(?:các|0?4|bốn) quý(?= trong năm| năm \d))"
)
_HALF = (
    r"(?:(?:" + _DO + r" )*(?:(?:định kỳ )?(?:hàng|mỗi)|định kỳ) 0?6 tháng" + _ONCE
    + r"|0?6 tháng" + _BY_LENGTH + r")"
)  # fmt: skip
_YEARLY = r"(?:" + _EVERY + r" năm" + _ONCE + r"|" + _AT_LEAST + r"0?1 lần ?/ ?năm)"

# Hàng tháng; Hằng quý; Định kỳ 6 tháng; 01 lần/quý; Hàng tháng trong năm 2025; Hằng năm
EVERY_MONTH = _MONTH + _IN_THE_YEAR
EVERY_QUARTER = _QUARTER + _IN_THE_YEAR
EVERY_HALF = _HALF + _IN_THE_YEAR
EVERY_YEAR = r"(?:" + _EVERY + r" |" + _AT_LEAST + r"0?1 lần ?/ ?)(?P<when>năm)" + _ONCE
# Hàng tháng, từ tháng 3 đến tháng 11; Hằng quý kể từ quý II/2025
_WITHIN_A_SPAN = r",? (?:bắt đầu )?(?:kể )?từ (?P<when>.+)"
EVERY_MONTH_FROM = _MONTH + _WITHIN_A_SPAN
EVERY_QUARTER_FROM = _QUARTER + _WITHIN_A_SPAN
# Định kỳ hàng quý, 6 tháng và hàng năm
SEVERAL_CYCLES = (
    _EVERY + r" (?P<cycles>(?:tháng|quý|0?6 tháng|năm)"
    r"(?:(?:, | và |, và )(?:(?:định kỳ )?hàng |báo cáo )?(?:quý|0?[69] tháng|năm))+)"
)
CYCLES = ("tháng", "quý", "6 tháng", "9 tháng", "năm")
A_CYCLE = r"0?[69] tháng|tháng|quý|năm"

# Thứ Sáu hàng tuần; Hằng tuần, trước thứ Sáu
_ON_WEEKDAY = _BOUND + r"(?:ngày )?(?P<weekday>" + WEEKDAY + r")"
WEEKDAY_OF_EVERY_WEEK = _BY + _ON_WEEKDAY + r" (?:hàng|mỗi) tuần"
EVERY_WEEK_ON_DAY = _WEEK + _SEP + _ON_WEEKDAY
# Ngày 25 hằng tháng; Hằng tháng, trước ngày 25; ngày 10, 20 hàng tháng
DAY_OF_EVERY_MONTH = _BY + _ON_DAY + r" (?:hàng|mỗi) tháng"
EVERY_MONTH_ON_DAY = _MONTH + _SEP + _ON_DAY
# Hằng tháng, chậm nhất ngày 05 tháng sau
EVERY_MONTH_DAY_OF_NEXT = _MONTH + _SEP + _ON_DAY + r" tháng " + _NEXT
# Ngày 15 của tháng cuối quý; Hằng quý, trước ngày 15 tháng cuối cùng của quý
_IN_LAST_MONTH = r" tháng (?:cuối(?: cùng)?|thứ (?:3|ba))(?: của| trong)?(?: mỗi| hàng)? "
DAY_OF_QUARTERS_LAST_MONTH = (
    r"(?:" + _QUARTER + _SEP + r"|" + _BY + r")" + _ON_DAY + _IN_LAST_MONTH + r"quý"
)
DAY_OF_HALFS_LAST_MONTH = _HALF + _SEP + _ON_DAY + _IN_LAST_MONTH + r"kỳ"
# Hằng quý, gửi trước ngày 10 của tháng đầu quý sau
DAY_AFTER_QUARTER = (
    r"(?:" + _QUARTER + _SEP + r"|" + _BY + r")" + _ON_DAY
    + r" tháng đầu(?: tiên)?(?: của)? quý " + _NEXT
)  # fmt: skip
# Ngày làm việc cuối cùng của tháng; Ngày cuối cùng hằng quý
LAST_DAY_OF = (
    _BY + r"ngày (?P<working>làm việc )?cuối(?: cùng)?(?: của)?(?: hàng| mỗi)? (?P<of>tháng|quý)"
)
# Trong vòng 15 ngày sau khi kết thúc quý; Chậm nhất 03 ngày làm việc kể từ khi hết tháng
_OF = r"(?P<of>tháng|quý|0?6 tháng|năm)"
DAYS_AFTER_PERIOD = (
    r"(?:" + _EVERY + r" (?P<cycle>tháng|quý|0?6 tháng|năm)" + _SEP + r"|" + _BY + r")"
    + _WITHIN + _DAYS + _AFTER + r" (?:kết thúc|hết|cuối)(?: mỗi| hàng)? " + _OF
)  # fmt: skip
# Hàng quý, trước ngày 15/3, 15/6, 15/9 và 15/12
EVERY_QUARTER_ON_DAYS = _QUARTER + _SEP + _BOUND + r"(?P<when>(?:ngày )?\d.*)"
EVERY_HALF_ON_DAYS = _HALF + _SEP + _BOUND + r"(?P<when>(?:ngày )?\d.*)"
# Trước 30/11 hàng năm; Hằng năm, trước ngày 15/12
OF_EVERY_YEAR = r"(?P<rest>.+?),? (?:hàng|mỗi) năm"
EVERY_YEAR_ON_DAYS = _YEARLY + _SEP + r"(?P<rest>.+)"

# ---------------------------------------------------------------- all the time, or on an event

_ALWAYS = (
    r"(?:(?:(?:" + _DO + r"|duy trì|tiếp tục) )*(?:thường xuyên|liên tục)|hàng ngày|quanh năm"
    r"|chậm nhất hàng ngày)"
)
# Thường xuyên; Hàng ngày; Thường xuyên, liên tục; Thường xuyên trong năm 2025
CONTINUOUS = _ALWAYS + r"(?:(?:,| và)? " + _ALWAYS + r")*" + _IN_THE_YEAR
# Thường xuyên từ tháng 3/2025
CONTINUOUS_FROM = _ALWAYS + r",? (?:kể )?từ (?P<when>.+)"
# có rà soát, bổ sung trong các năm tiếp theo (nếu có)
IN_LATER_YEARS = (
    r"(?:(?:có|tiếp tục|duy trì|rà soát|bổ sung|sửa đổi|cập nhật|thực hiện|triển khai|thường xuyên"
    r"|đánh giá|nhân rộng)(?:,| và)? )*(?:trong |cho |vào )?(?:các|những) năm"
    r" (?:tiếp theo|kế tiếp|sau)(?: \(nếu có\)|,? nếu có)?"
)
# Khi có yêu cầu; Khi có phát sinh; Đột xuất; Khi có hồ sơ trễ hạn
WHEN_IT_HAPPENS = (
    r"(?:đột xuất[,:]? )?(?:ngay |kịp thời,? )?khi (?P<free>(?:có |cần|được |phát sinh)"
    + _ANY
    + r")"
)
ON_REQUEST = r"(?:báo cáo )?đột xuất|(?:đột xuất[,:]? )?theo yêu cầu(?P<free>" + _ANY + r")"
# Trong vòng 30 ngày kể từ ngày có kết luận; Chậm nhất 05 ngày làm việc kể từ ngày tiếp nhận
DAYS_AFTER = (
    _BY + _WITHIN + _DAYS + r",? (?:kể từ|tính từ|từ|sau)(?: ngày| khi| thời điểm)*"
    r" (?P<event>(?P<free>\w" + _ANY + r"))"
)
# Kể từ ngày ban hành Kế hoạch: the plan's own day, when it is known
ISSUE_OF_THE_PLAN = r"(?:ký )?ban hành kế hoạch(?: này)?|kế hoạch(?: này)? được (?:ký )?ban hành"

# ---------------------------------------------------------------- on days of its own

# 6 tháng: trước ngày 15/6; hằng năm: trước ngày 15/12
_NAME = r"(?:quý (?:iv|i{1,3}|[1-4])(?:/\d{4})?|0?[69] tháng(?: đầu năm)?|năm(?: \d{4})?)"
_OF_NAME = r"(?:" + _DO + r" |định kỳ |hàng |trong )*"
_NAMED = (
    _OF_NAME + _NAME + r"(?:[,:]?(?: " + _DO + r")*"
    r" (?:trước|chậm nhất|muộn nhất|không quá|vào|ngày) |: (?=\d))[^;]*?"
)
A_NAMED_DAY = (
    _OF_NAME + r"(?P<name>" + _NAME + r")[,:]?(?: " + _DO + r")*"
    r" (?P<bound>trước|chậm nhất|muộn nhất|không quá|vào)? ?(?:là )?(?P<when>(?:ngày )?\d.*)"
)
NAMED_DAYS = _NAMED + r"(?:(?:; ?| và |, )" + _NAMED + r")*"
BETWEEN_NAMED_DAYS = r"(?:; ?| và |, )(?=" + _OF_NAME + _NAME + r"[,: ])"
# Trước ngày 30/11/2025; Từ 01/4/2025; Quý II, Quý III/2025; Đến hết ngày 30/11/2025; 30/6
BEFORE = _BY + r"trước (?P<when>.+)"
FROM_NOW_ON = r"(?:" + _DO + r" )*từ (?:nay|(?:ngày |khi )?(?:ký )?ban hành(?: kế hoạch)?(?: này)?)"
FROM_NOW_TO = FROM_NOW_ON + r" (?:đến|-)(?: hết)? (?P<when>.+)"
FROM_ON = r"(?:" + _DO + r" |bắt đầu )*từ (?P<when>.+?)(?: trở đi)?"
UNTIL = (
    _BY + r"(?:chậm nhất|muộn nhất|không quá|không muộn hơn|đến hết|đến|hết)(?: là)? (?P<when>.+)"
)
END_OF = _BY + r"cuối (?P<when>(?:các )?(?:tháng|quý) .+)"
BY = _BY + r"(?P<when>.+)"

# ---------------------------------------------------------------- several duties in one cell

BETWEEN_DUTIES = r" ?(?P<strong>;|, và\b|\bvà\b|\bđồng thời\b|, sau đó\b|\bsau đó\b)(?: là)? | ?, "
BARE_BOUND = r"(?:trước|chậm nhất|muộn nhất|không quá|vào|ngày)\b"
GOES_ON = r"(?:duy trì|tiếp tục|sau đó)\b"
OWN_BOUND = r".*\b(?:trước|chậm nhất|muộn nhất|không quá)\b.*|" + _DO + r" .*"
ACTS = r"(?:" + _DO + r"[,:]? )*"
A_BOUND = r"\b(?:trước|chậm nhất|muộn nhất|không quá)\b"
# The end of what stands before rather than a duty of its own.
FINISHED = r"(?:hoàn thành|xong)[,:]? "

# ---------------------------------------------------------------- what only a person can read

WITHOUT_A_DAY = _WEEK + r"|" + _QUARTER + _SEP + _ON_DAY

# Theo Chương trình của UBND tỉnh; Sau khi có kết quả khảo sát
ELSEWHERE = r"(?:" + _DO + r" )*(?:ngay )?(?:theo|sau khi) .*"
PERIODIC = r"(?:báo cáo )?định kỳ(?:,? (?:và |hoặc )?đột xuất)?"
ABOUT = r".*\b(?:đầu|giữa|trung tuần|thượng tuần|hạ tuần|tuần|khoảng|dự kiến|cuối năm|dịp)\b.*"
ONLY_AFTER = r".*(?<!thứ )\bsau (?:ngày|tháng|quý|năm) .*"
SEVERAL_TIMES = r".*\d+ lần.*"
MONTHS_AFTER = r".*\d+(?: \(.*\))? (?:tháng|tuần|giờ|năm)" + _AFTER + r" .*"
