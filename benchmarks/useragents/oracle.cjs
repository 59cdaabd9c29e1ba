// Writes what public pattern sets say of real user agents, one JSON object a line: browser and system by uap-core's patterns, kind of device by bowser's.
const fs = require('fs');
const path = require('path');
const bowser = require('bowser');

const file = (...parts) => fs.readFileSync(path.join(__dirname, 'node_modules', ...parts), 'utf8');

// The pattern file is YAML, but of one shape only: sections of entries, each a regex and what replaces its groups.
function readPatterns(text) {
  const unquote = s => s[0] === "'" ? s.slice(1, s.lastIndexOf("'")).replaceAll("''", "'") : s[0] === '"' ? s.slice(1, s.lastIndexOf('"')) : s;
  const sections = {};
  let section, entry;
  for (const line of text.split(/\r?\n/)) {
    let match;
    if ((match = /^(\w+):\s*$/.exec(line))) {
      section = sections[match[1]] = [];
    } else if ((match = /^\s*-\s+regex:\s*(.*)$/.exec(line))) {
      section.push(entry = { regex: unquote(match[1].trim()) });
    } else if (!/^\s*#/.test(line) && (match = /^\s+(\w+):\s*(.*)$/.exec(line))) {
      entry[match[1]] = unquote(match[2].trim());
    }
  }

  for (const entries of Object.values(sections)) {
    for (const e of entries) {
      e.pattern = new RegExp(e.regex, e.regex_flag ?? '');
    }
  }

  return sections;
}

function judge(entries, replacement, userAgent) {
  for (const e of entries) {
    const match = e.pattern.exec(userAgent);
    if (match) {
      const text = e[replacement] === undefined ? match[1] : e[replacement].replace(/\$(\d)/g, (_, group) => match[group] ?? '').trim();
      return text || 'Other';
    }
  }

  return 'Other';
}

const patterns = readPatterns(file('uap-core', 'regexes.yaml'));
const sources = {
  'user-agents': JSON.parse(file('user-agents', 'dist', 'user-agents.json')).map(a => a.userAgent),
  'top-user-agents': JSON.parse(file('top-user-agents', 'src', 'index.json')),
  'random-useragent': JSON.parse(file('random-useragent', 'useragent-data.json')).map(a => a.userAgent),
};
const seen = new Set();
for (const [source, agents] of Object.entries(sources)) {
  for (const userAgent of agents) {
    if (userAgent && !seen.has(userAgent)) {
      seen.add(userAgent);
      console.log(JSON.stringify({
        source,
        userAgent,
        browser: judge(patterns.user_agent_parsers, 'family_replacement', userAgent),
        system: judge(patterns.os_parsers, 'os_replacement', userAgent),
        device: bowser.parse(userAgent).platform.type ?? '',
      }));
    }
  }
}
