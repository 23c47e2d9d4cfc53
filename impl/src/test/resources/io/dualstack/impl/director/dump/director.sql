--
-- PostgreSQL database dump
--

\restrict NzvdUMCOT6pghKX1Xd0YaloqVRaRg5mIThzKpGmQIEs2iW3KeamqrEeECL62cca

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Data for Name: deployments; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.deployments (id, name, manifest) FROM stdin;
1	cf	name: cf\n# a tab\there, a backslash \\ and a line that looks like one:\nCOPY public.vms (id) FROM stdin;\n
2	credhub	\N
\.


--
-- Data for Name: instances; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.instances (id, job, index, deployment_id, state, uuid, availability_zone, cloud_properties, bootstrap, ignore, variable_set_id, spec_json) FROM stdin;
1	diego_cell	0	1	started	0c0e4d3e-0000-4000-8000-000000000001	z1	\N	f	f	1	\N
2	diego_cell	1	1	started	0c0e4d3e-0000-4000-8000-000000000002	z2	\N	f	f	1	\N
3	credhub	0	2	started	0c0e4d3e-0000-4000-8000-000000000003	\N	\N	f	f	1	\N
\.


--
-- Data for Name: vms; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.vms (id, instance_id, agent_id, cid, active, created_at) FROM stdin;
1	1	agent-1	i-0001	t	2026-11-01 09:00:00
2	2	agent-2	i-0002	t	2026-11-01 09:00:00
3	2	agent-2-old	i-0009	f	2026-10-01 09:00:00
4	3	agent-3	i-0003	t	2026-11-02 10:00:00.5
\.


--
-- Data for Name: ip_addresses; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.ip_addresses (id, network_name, static, instance_id, created_at, task_id, address_str, vm_id, orphaned_vm_id, nic_group) FROM stdin;
1	cells_v4	f	1	2026-11-01 09:00:00.123456	10	10.0.16.4/32	1	\N	1
2	cells_v6	f	1	2026-11-01 09:00:00.2	10	2001:db8:4e04:d139::1000/128	1	\N	1
3	diego_cells_ipv6	f	1	2026-11-01 09:00:00.3	10	2001:db8:4e04:d139:1::/80	1	\N	1
4	cells_v4	t	2	2026-11-01 09:00:01	10	10.0.16.5/32	2	\N	\N
5	cells_v4	f	2	2026-10-01 09:00:01	9	10.0.16.9/32	3	\N	\N
6	default	f	3	\N	11	10.0.16.6/32	4	\N	\N
7	router	f	\N	2026-09-01 09:00:01	8	10.0.16.7/32	\N	1	\N
\.


--
-- Name: deployments_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.deployments_id_seq', 2, true);


--
-- Name: instances_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.instances_id_seq', 3, true);


--
-- Name: ip_addresses_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.ip_addresses_id_seq', 7, true);


--
-- Name: vms_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.vms_id_seq', 4, true);


--
-- PostgreSQL database dump complete
--

\unrestrict NzvdUMCOT6pghKX1Xd0YaloqVRaRg5mIThzKpGmQIEs2iW3KeamqrEeECL62cca

