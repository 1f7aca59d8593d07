-- +goose Up
-- Of the recovery sheet alone: when somebody said that it is printed and stored.
ALTER TABLE names_member ADD COLUMN stored_at BIGINT;
