"""What people enter: addresses that mail can reach, names that can be read."""

import pytest

from chassis.entered import mail_address, place_to_read, readable
from chassis.i18n import say
from chassis.rules import WrongValue

WRONG = {
    "nguyen,van@snv.example": ",",
    "nguyen..van@snv.example": "hai dấu chấm liền nhau",
    ".van@snv.example": "dấu chấm ở đầu",
    "van.@snv.example": "dấu chấm ở đầu, ở cuối",
    "van@snv..example": "hai dấu chấm liền nhau",
    "van@.snv.example": "dấu chấm",
    "van@snv.example.": "ở cuối",
    "ngu\u200byen@snv.example": "U+200B",
    "van@snv\u00ad.example": "U+00AD",
    "\u202evan@snv.example": "U+202E",
    "van@snv.example\x07": "U+0007",
    "van@snv.example\r\nBcc: x@y.example": "U+000D",
    "van@noivu": "thiếu phần tên miền",
    "van@localhost": "thiếu phần tên miền",
    "van.snv.example": "đúng một dấu @",
    "van@tho@snv.example": "đúng một dấu @",
    "@snv.example": "đúng một dấu @",
    "van@": "đúng một dấu @",
    "văn@snv.example": "«ă»: hãy viết không dấu",
    "van@nộivụ.example": "xn--",
    "van tho@snv.example": "« »",
    "<van@snv.example>": "«<»",
    '"van"@snv.example': '«"»',
    "van@[10.0.0.1]": "«[»",
    "van@10.0.0.1": "tên miền «10.0.0.1» không đúng",
    "van@-snv.example": "tên miền «-snv.example» không đúng",
    "van@snv_cchc.example": "«_»",
    f"{'v' * 65}@snv.example": "quá dài",
    f"van@{'s' * 64}.example": "không đúng",
    f"van@{'s.' * 126}example": "quá dài",
}
RIGHT = (
    "van@snv.example", "van.tho+cchc@sub-1.snv.example", "v@a.vn", "o'hara@snv.example",
    "van@xn--ni-v-kta.vn", "van@snv.xn--p1ai", f"{'v' * 64}@snv.example",
)  # fmt: skip


@pytest.mark.parametrize(("address", "says"), WRONG.items(), ids=map(ascii, WRONG))
def test_an_address_no_mail_can_reach_is_refused_and_named(address, says):
    with pytest.raises(WrongValue) as refusal:
        mail_address(address)
    assert says in say(refusal.value.sentence)
    assert "{" not in say(refusal.value.sentence, "en")


@pytest.mark.parametrize("address", RIGHT)
def test_an_address_mail_can_reach_is_taken_as_it_is(address):
    assert mail_address(address) == address


@pytest.mark.parametrize("name", ["Trần\u200b Thị Bé", "\u202eBé", "Bé\x00", "Bé\u2028", "\ue000"])
def test_a_name_with_what_nobody_sees_is_refused(name):
    with pytest.raises(WrongValue, match="không nhìn thấy"):
        readable(name)


@pytest.mark.parametrize("name", ["Nguyễn Thị Bé", "Y Krông Niê", "Đặng Thuỳ", "H’Hen"])
def test_names_of_people_are_taken_however_they_are_composed(name):
    assert readable(name) == name


@pytest.mark.parametrize(
    "place",
    ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc",
     "http:alert(1)", "java\tscript:alert(1)", "https:"],
)  # fmt: skip
def test_an_address_that_runs_when_it_is_opened_is_no_place_to_read(place):
    with pytest.raises(WrongValue):
        place_to_read(place)


@pytest.mark.parametrize(
    "place",
    ["https://sonoivu.gov.vn/vb?so=5:1", "HTTP://10.0.0.5/a", "Văn thư Sở, hồ sơ số 5: tập 2", ""],
)
def test_an_address_on_the_web_or_a_place_in_words_is_taken_as_it_is(place):
    assert place_to_read(place) == place
