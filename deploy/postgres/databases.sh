#!/bin/sh
# One database, one role and one password per service; run once by the image of PostgreSQL, on an
# empty volume.
set -eu
make() {
  psql --set=ON_ERROR_STOP=1 --set=name="nhip_$1" --set=password="$2" --username postgres <<'SQL'
    CREATE ROLE :"name" LOGIN PASSWORD :'password';
    CREATE DATABASE :"name" OWNER :"name";
    REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}
make tasks "$TASKS_DATABASE_PASSWORD"
make surveys "$SURVEYS_DATABASE_PASSWORD"
make notifications "$NOTIFICATIONS_DATABASE_PASSWORD"
make reporting "$REPORTING_DATABASE_PASSWORD"
make portal "$PORTAL_DATABASE_PASSWORD"
