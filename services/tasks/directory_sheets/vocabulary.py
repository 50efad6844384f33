"""Words of the workbook: its sheets, the headings of its columns, and what cells may say.

They stay Vietnamese in every language: they are the form of a file, and are recognised in it.
"""

from contracts.tasks import Role, UnitKind

UNITS, PEOPLE, GUIDE = "Đơn vị", "Cán bộ", "Hướng dẫn"

CODE, NAME, KIND = "Mã đơn vị", "Tên đơn vị", "Loại đơn vị"
PARENT, FORMER_NAMES, ALIASES = "Mã đơn vị cấp trên", "Tên cũ", "Tên gọi khác"
SORT_ORDER, UNIT_ACTIVE = "Thứ tự", "Đang hoạt động"
EMPLOYEE_CODE, PERSON_NAME, POST, ROLE = "Mã cán bộ", "Họ và tên", "Chức vụ", "Vai trò"
EMAIL, UNIT, PERSON_ACTIVE = "Thư điện tử", "Mã đơn vị công tác", "Đang làm việc"

KINDS: dict[UnitKind, str] = {
    "department": "Sở",
    "office": "Văn phòng, Thanh tra",
    "room": "Phòng chuyên môn",
    "centre": "Trung tâm",
}
ROLES: dict[Role, str] = {
    "director": "Giám đốc Sở",
    "office": "Văn phòng Sở",
    "unit_head": "Trưởng đơn vị",
    "unit_officer": "Chuyên viên",
    "appraiser": "Người thẩm định",
    "auditor": "Kiểm tra viên",
    "admin": "Quản trị hệ thống",
    "external_system": "Hệ thống bên ngoài",
}
YES, NO = "Có", "Không"
