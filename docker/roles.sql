-- Whom the service is to the database. It reads and writes, and owns nothing: so it cannot put aside what guards history.
-- It may not read what people answered about themselves: a migration takes that table back (docs/decisions/0010).
-- The owner makes the tables, in the service "migrate"; nothing else knows the owner's password.
\getenv password FRONTDOOR_PASSWORD
CREATE ROLE frontdoor LOGIN PASSWORD :'password';
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO frontdoor;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO frontdoor;
