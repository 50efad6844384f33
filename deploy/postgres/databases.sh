#!/bin/sh
# One database and one role per service; run once by the image of PostgreSQL, on an empty volume.
set -eu
for service in tasks surveys notifications reporting portal; do
  psql --set=ON_ERROR_STOP=1 --username postgres <<SQL
    CREATE ROLE nhip_$service LOGIN PASSWORD '$SERVICE_DATABASE_PASSWORD';
    CREATE DATABASE nhip_$service OWNER nhip_$service;
    REVOKE ALL ON DATABASE nhip_$service FROM PUBLIC;
SQL
done
