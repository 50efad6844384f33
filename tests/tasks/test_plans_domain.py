"""The plan's legal bases."""

from datetime import date
from pathlib import Path

import yaml

from tasks.plans.domain import LegalBasis, legal_basis_warnings

PLAN = yaml.safe_load((Path(__file__).parents[2] / "demo" / "plan.yaml").read_text())
BASES = [LegalBasis(basis["number"], basis["issued_on"]) for basis in PLAN["legal_bases"]]


def test_the_decision_dated_after_the_plan_closes_is_the_only_one_warned_about():
    warnings = legal_basis_warnings(BASES, None, PLAN["closes_on"])
    assert [str(warning.sentence) for warning in warnings] == [
        (
            "Căn cứ 3487/QĐ-UBND ghi ngày 31/12/2025, sau ngày kết thúc kế hoạch (29/11/2025): "
            "kiểm tra lại ngày của văn bản, có thể nhầm năm."
        )
    ]


def test_a_plan_with_a_day_of_its_own_is_compared_with_that_day():
    warnings = legal_basis_warnings(BASES, date(2025, 3, 20), PLAN["closes_on"])
    assert len(warnings) == 2
    assert "43/QĐ-SNV ghi ngày 27/3/2025, sau ngày ban hành kế hoạch (20/3/2025)" in str(
        warnings[1].sentence
    )


def test_a_basis_of_the_plans_own_day_or_without_a_day_is_fine():
    same_day = LegalBasis("1/QĐ", date(2025, 3, 28))
    assert (
        legal_basis_warnings([same_day, LegalBasis("2/QĐ", None)], date(2025, 3, 28), CLOSES) == []
    )


CLOSES = PLAN["closes_on"]
