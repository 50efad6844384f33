"""The table of rights: who may do what. Pure; which rows are seen is each noun's own `scope`."""

from typing import get_args

from chassis.access import Right, Rights
from chassis.words import N_, Sentence
from contracts.tasks import Role

EVERYBODY: frozenset[Role] = frozenset(get_args(Role))
INSIDERS: frozenset[Role] = EVERYBODY - {"external_system"}
OVERSIGHT: frozenset[Role] = frozenset({"director", "office", "appraiser", "auditor", "admin"})
STAFF: frozenset[Role] = frozenset({"unit_head", "unit_officer"})
OFFICE: frozenset[Role] = frozenset({"office"})
ADMIN: frozenset[Role] = frozenset({"admin"})

OF_THE_LEAD_UNIT = Right(
    own_unit=STAFF | OFFICE,  # the Office leads assignments, too
    elsewhere=Sentence(N_("Chỉ đơn vị chủ trì được cập nhật và gửi kết quả của nhiệm vụ này")),
)
OF_THE_LEAD_UNIT_OR_OFFICE = Right(
    OFFICE,
    own_unit=STAFF,
    elsewhere=Sentence(N_("Chỉ đơn vị chủ trì hoặc Văn phòng Sở được đề nghị và nhận đóng góp")),
)
# Nobody is judge in their own cause: what the Office's own unit asks for, the Director decides.
DECIDES_EXTENSIONS = Right(
    frozenset({"director"}),
    other_units=OFFICE,
    at_home=Sentence(N_("Đề nghị gia hạn của chính đơn vị bạn do Giám đốc Sở quyết định")),
)
OF_THE_UNIT = Right(
    own_unit=STAFF | OFFICE,  # the Office is a unit, too
    elsewhere=Sentence(N_("Chỉ người của đơn vị được lập và sửa báo cáo của đơn vị")),
)
OF_ITS_HEAD = Right(
    own_unit=OFFICE | {"unit_head"},
    elsewhere=Sentence(N_("Chỉ phụ trách đơn vị được duyệt báo cáo của đơn vị")),
)
HANDLING = Right(frozenset({"director", "office", "auditor"}))

RIGHTS = Rights(
    {
        "me.read": Right(EVERYBODY),
        "me.sign_in": Right(EVERYBODY),
        "unit.read": Right(INSIDERS),
        "unit.create": Right(ADMIN),
        "unit.change": Right(ADMIN),
        # Directory and assignments at once: whoever keeps either may, by a list that is reviewed.
        "unit.reorganise": Right(OFFICE | ADMIN),
        "unit_group.read": Right(INSIDERS),
        "unit_group.create": Right(ADMIN),
        "unit_group.change": Right(ADMIN),
        "person.read": Right(INSIDERS),
        # Names and posts are for everybody, addresses for those who write to people, and oneself.
        "person.read_contact": Right(OFFICE | ADMIN, own_unit=frozenset({"unit_head"})),
        "person.create": Right(ADMIN),
        "person.change": Right(ADMIN),
        # A workbook holds everybody's address.
        "directory.export": Right(OFFICE | ADMIN),
        "directory.import": Right(ADMIN),
        "calendar.read": Right(INSIDERS),
        "calendar.change": Right(OFFICE | ADMIN),
        "plan.read": Right(EVERYBODY, partners="assignments"),
        "plan.export": Right(INSIDERS),
        "plan.create": Right(OFFICE),
        "plan.change": Right(OFFICE),
        "plan.activate": Right(OFFICE),
        "plan.cancel": Right(OFFICE),
        "plan.close": Right(OFFICE),
        "plan.replace": Right(OFFICE),
        "plan.roll_over": Right(OFFICE),
        "plan.read_history": Right(INSIDERS),
        "plan.read_coverage": Right(INSIDERS),
        "plan.acknowledge": Right(INSIDERS),
        "plan.import": Right(OFFICE),
        "import.read": Right(OVERSIGHT),
        "import.change": Right(OFFICE),
        "import.read_again": Right(OFFICE),
        "import.confirm": Right(OFFICE),
        "import.discard": Right(OFFICE),
        "deadline.read": Right(INSIDERS),
        "assignment.read": Right(OVERSIGHT, own_unit=STAFF, partners="assignments"),
        "assignment.create": Right(OFFICE),
        "assignment.export": Right(OVERSIGHT, own_unit=STAFF),
        "assignment.read_history": Right(OVERSIGHT, own_unit=STAFF),
        "assignment.report_progress": OF_THE_LEAD_UNIT,
        "assignment.submit_result": OF_THE_LEAD_UNIT,
        "assignment.accept_result": Right(OFFICE | {"director"}),
        "assignment.return_result": Right(OFFICE | {"director"}),
        "assignment.change": Right(OFFICE),
        "assignment.request_extension": OF_THE_LEAD_UNIT,
        "assignment.decide_extension": DECIDES_EXTENSIONS,
        "assignment.commit": OF_THE_LEAD_UNIT,
        "assignment.ask_contribution": OF_THE_LEAD_UNIT_OR_OFFICE,
        "assignment.give_contribution": Right(
            own_unit=STAFF | OFFICE,
            elsewhere=Sentence(N_("Chỉ đơn vị được đề nghị phối hợp được gửi đóng góp này")),
        ),
        "assignment.decide_contribution": OF_THE_LEAD_UNIT_OR_OFFICE,
        "assignment.read_contributions": Right(OVERSIGHT, own_unit=STAFF),
        "assignment.ask_question": Right(
            own_unit=STAFF,
            elsewhere=Sentence(N_("Chỉ đơn vị chủ trì hoặc phối hợp được hỏi về nhiệm vụ này")),
        ),
        "question.read": Right(INSIDERS),
        "question.answer": Right(OFFICE | {"director"}),
        "assignment.urge": Right(OFFICE | {"director"}),
        "urging.list": Right(INSIDERS),  # those of rows one sees
        "urging.read": Right(OVERSIGHT, own_unit=STAFF),
        "urging.read_letter": Right(OFFICE | {"director"}),
        "urging.record_letter": Right(OFFICE | {"director"}),
        "urging_ladder.read": Right(INSIDERS),
        "urging_ladder.change": Right(OFFICE | ADMIN),
        "unit_report.read": Right(OVERSIGHT, own_unit=STAFF),  # OVERSIGHT: what was handed in
        "unit_report.create": OF_THE_UNIT,
        "unit_report.change": OF_THE_UNIT,
        "unit_report.refill": OF_THE_UNIT,
        "unit_report.submit": OF_THE_UNIT,
        "unit_report.approve": OF_ITS_HEAD,
        "unit_report.return": Right(OFFICE, own_unit=frozenset({"unit_head"})),
        "unit_report.accept": Right(OFFICE),
        "unit_report.urge": Right(OFFICE | {"director"}),
        "unit_report.compile": Right(OFFICE | {"director", "auditor"}),
        "unit_report_setting.read": Right(INSIDERS),
        "unit_report_setting.change": Right(OFFICE | ADMIN),
        "kpi.export": Right(OFFICE | ADMIN | {"director", "auditor"}),
        "kpi_setting.read": Right(INSIDERS),
        "kpi_setting.change": Right(OFFICE | ADMIN),
        # Beside them, whoever is in a team sees its inspection, visits and writes findings down:
        # `tasks.inspections.scope` says so.
        "inspection.read": Right(
            frozenset({"director", "office", "auditor"}), own_unit=STAFF | {"appraiser", "admin"}
        ),
        "inspection.create": Right(OFFICE),
        "inspection.change": Right(OFFICE),
        "inspection.announce": Right(OFFICE),
        "inspection.visit": Right(OFFICE),
        "inspection.record_finding": Right(OFFICE),
        "inspection.close_finding": Right(OFFICE),
        "inspection.conclude": Right(OFFICE | {"director"}),
        "inspection.cancel": Right(OFFICE | {"director"}),
        "repeated_weakness.read": Right(
            frozenset({"director", "office", "auditor"}), own_unit=frozenset({"unit_head"})
        ),
        "inspection_rule.read": Right(INSIDERS),
        "inspection_rule.change": Right(OFFICE | ADMIN),
        # Few may know that there is one; for everybody else it is not there, the admin among them.
        "handling_proposal.read": HANDLING,
        "handling_proposal.create": Right(OFFICE),
        "handling_proposal.decide": Right(frozenset({"director"})),
        "handling_kinds.read": HANDLING,
        "handling_kinds.change": Right(OFFICE),
        "assignment.pause": Right(OFFICE | {"director"}),
        "assignment.resume": Right(OFFICE | {"director"}),
        "assignment.hand_over": Right(OFFICE | {"director"}),
        "assignment.cancel": Right(OFFICE | {"director"}),
        "measure.read": Right(INSIDERS),
        "measure.propose": Right(
            OFFICE,
            own_unit=STAFF,
            elsewhere=Sentence(N_("Đơn vị chỉ đề xuất giải pháp do mình chủ trì")),
        ),
        "measure.accept": Right(OFFICE),
        "weak_criterion.name": Right(OFFICE | STAFF),
        "weak_criterion.withdraw": Right(
            OFFICE,
            own_unit=STAFF,
            elsewhere=Sentence(N_("Đơn vị chỉ bỏ tiêu chí do mình ghi")),
        ),
        "measure.return": Right(OFFICE),
        "instruction.read": Right(OVERSIGHT, own_unit=STAFF),
        "instruction.issue": Right(OFFICE | {"director"}),
        "instruction.issue_on_behalf": Right(OFFICE),  # it writes down what a named leader said
        "office.read_month": Right(OFFICE | {"director"}),
        "bulk.act": Right(OFFICE | STAFF | {"director"}),  # each assignment's own right decides
        "file.upload": Right(INSIDERS),
        "file.read": Right(OVERSIGHT, own_unit=STAFF),
        "file.read_sealed": HANDLING,
        "trusted_root.read": Right(INSIDERS),
        "trusted_root.create": Right(ADMIN),
        "trusted_root.delete": Right(ADMIN),
        "job.read": Right(INSIDERS),
        "work.read": Right(INSIDERS),
        "saved_view.read": Right(INSIDERS),
        "saved_view.create": Right(INSIDERS),
        "saved_view.change": Right(INSIDERS),  # one's own: the action looks
        "saved_view.delete": Right(INSIDERS),
    },
    seen_by={
        "assignment": INSIDERS,
        "file": INSIDERS,
        "urging": INSIDERS,
        "unit_report": INSIDERS,
        "inspection": INSIDERS,
        "handling_proposal": INSIDERS,
        "handling_kinds": INSIDERS,
    },
)
