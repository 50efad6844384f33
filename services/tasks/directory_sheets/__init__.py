"""The directory as a workbook: a template, an export, and an import that shows what it would do."""
