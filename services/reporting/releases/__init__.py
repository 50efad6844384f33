"""From counted ballots to what everybody may see: releases, and what they showed."""
