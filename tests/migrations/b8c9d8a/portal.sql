CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);

CREATE TABLE public.sign_in (
    key_hash bytea NOT NULL,
    csrf_token text NOT NULL,
    person jsonb NOT NULL,
    tokens bytea NOT NULL,
    tokens_expire_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

INSERT INTO public.alembic_version VALUES
	('0001');

INSERT INTO public.sign_in VALUES
	('\x1362f60f08161d34f7adedc95b92c57d999c385ff53ba5a6e0285b88ebc1a8c4', 'csrf', '{"name": "Phó Chánh Văn phòng Sở phụ trách cải cách hành chính", "post": "Phó Chánh Văn phòng Sở phụ trách cải cách hành chính", "role": "office", "unit_id": "01a223c3-f01e-736d-89a5-8ea798c08e92", "person_id": "01a223c3-f80e-72b6-b090-8d5517267bef", "unit_code": "VP", "unit_name": "Văn phòng Sở", "employee_code": "office"}', '\x656e63727970746564', '2026-11-28 21:09:46.949439+00', '2026-11-29 06:09:46.949439+00'),
	('\x6564f2c7340c89325486eda7cd2b95297b9039bcd92c6170a789884bb6a918a9', 'csrf', '{"name": "Trưởng phòng Cải cách hành chính và Văn thư - Lưu trữ", "post": "Trưởng phòng Cải cách hành chính và Văn thư - Lưu trữ", "role": "unit_head", "unit_id": "01a223c3-f402-7538-81a0-fbf28447946e", "person_id": "01a223c3-fb25-72b0-858a-fdaed7367897", "unit_code": "CCHC", "unit_name": "Phòng Cải cách hành chính và Văn thư - Lưu trữ", "employee_code": "unit_head"}', '\x656e63727970746564', '2026-11-28 21:09:47.382823+00', '2026-11-29 06:09:47.382823+00');

ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);

ALTER TABLE ONLY public.sign_in
    ADD CONSTRAINT sign_in_pkey PRIMARY KEY (key_hash);

CREATE INDEX ix_sign_in_expires_at ON public.sign_in USING btree (expires_at);
