"""Words for the codes of the directory, the calendar and files that are imported into them."""

from portal.i18n import mark

DIRECTORY: dict[str, dict[str, str]] = {
    "weekday": {
        "1": mark("Monday"),
        "2": mark("Tuesday"),
        "3": mark("Wednesday"),
        "4": mark("Thursday"),
        "5": mark("Friday"),
        "6": mark("Saturday"),
        "7": mark("Sunday"),
    },
    "unit_kind": {
        "department": mark("Department"),
        "office": mark("Office, inspectorate"),
        "room": mark("Specialist division"),
        "centre": mark("Centre"),
    },
    "directory_sheet": {"units": mark("Units"), "people": mark("People")},
    "directory_outcome": {
        "new": mark("New"),
        "changed": mark("Changes"),
        "unchanged": mark("Unchanged"),
        "wrong": mark("Wrong"),
    },
    "directory_field": {
        "code": mark("Code"),
        "name": mark("Name"),
        "kind": mark("Kind"),
        "parent": mark("Above it"),
        "former_names": mark("Former names"),
        "aliases": mark("Other names, short forms"),
        "sort_order": mark("Place in lists"),
        "active": mark("At work"),
        "employee_code": mark("Employee code"),
        "post": mark("Post"),
        "role": mark("Role"),
        "email": mark("Work e-mail"),
        "unit": mark("Unit"),
    },
}
