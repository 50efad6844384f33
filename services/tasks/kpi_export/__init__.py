"""A month's work by KPI group and catalogue code, for the province's tool."""
