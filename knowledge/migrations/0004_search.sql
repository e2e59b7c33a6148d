-- How passages are found: their words as lexemes, and the functions that search past row-level security by
-- themselves keeping to the organisation of the transaction.

-- A folded word's lexemes beside the stems of the text's own language: the first find names and numbers as they are
-- written, the second find the other forms of a word. ``folded``: case and accents taken away; ``config``: a text
-- search configuration such as english, or simple when the language is unknown.
create function chunk_tsv(folded text, words text, config regconfig) returns tsvector
language sql immutable parallel safe as $$
  select setweight(to_tsvector('simple', folded), 'A') || setweight(to_tsvector(config, words), 'B')
$$;
