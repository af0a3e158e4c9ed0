import keyword,re
def identifier(wire, taken=()):
    n=re.sub(r'([a-z0-9])([A-Z])',r'\1_\2',wire); n=re.sub(r'\W+','_',n).strip('_').lower() or 'field'
    if n[0].isdigit(): n='field_'+n
    while keyword.iskeyword(n) or n in taken: n+='_'
    return n
