"""From the generator's parsed document to what the templates print: views that hold plain, safe Python text."""
