-- Whoever is named as an author agrees before the name shows; a journal says how
-- far everybody can read it.

-- +goose Up
ALTER TABLE journal_piece_author ADD COLUMN agreed BIGINT NOT NULL DEFAULT 1 CHECK (agreed IN (0, 1)); -- 0: asked to sign, and has not said yes
ALTER TABLE journal ADD COLUMN accessible TEXT NOT NULL DEFAULT 'none' CHECK (accessible IN ('none', 'part', 'full')); -- as its statement says (RGAA)
