using System.Text;

namespace Stormly.Deploy.Process.Ports;

/// <summary>
/// Cuts a command line into the words that a POSIX shell would see (Shell Command Language, §2.2, §2.3), in one pass and without looking back.
/// What only a running shell can know (substitution, here-documents) it refuses.
/// </summary>
internal sealed class ShellLexer
{
    private readonly string _text;
    private readonly List<ShellToken> _tokens = [];
    private readonly StringBuilder _word = new();
    private readonly List<int> _origins = [];
    private int _at;
    private int _wordStart = -1;
    private bool _readsPort;
    private string? _refusal;

    private ShellLexer(string text) => _text = text;

    /// <summary>Reads a command line.</summary>
    public static ShellReading Read(string command)
    {
        var lexer = new ShellLexer(command);
        while (lexer._at < command.Length && lexer._refusal is null)
        {
            lexer.ReadNext();
        }

        lexer.EndWord();
        return new ShellReading(ShellRoles.Assign(command, lexer._tokens), lexer._readsPort, lexer._refusal);
    }

    private char Peek(int ahead = 1) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void ReadNext()
    {
        switch (_text[_at])
        {
            case ' ' or '\t':
                EndWord();
                _at++;
                break;
            case '\n' or ';' or '&' or '|' or '(' or ')':
                AddOperator(ShellRole.Separator, 1);
                break;
            case '<' or '>':
                ReadRedirection();
                break;
            case '#' when _wordStart < 0:
                ReadComment();
                break;
            case '\'':
                ReadSingleQuotes();
                break;
            case '"':
                ReadDoubleQuotes();
                break;
            case '\\':
                ReadEscape();
                break;
            default:
                ReadPlainOrExpansion(quoted: false);
                break;
        }
    }

    private void ReadPlainOrExpansion(bool quoted)
    {
        switch (_text[_at])
        {
            case '\0':
                _refusal = "holds a NUL character";
                break;
            case '`':
                _refusal = "uses command substitution";
                break;
            case '$':
                ReadDollar(quoted);
                break;
            default:
                Take();
                break;
        }
    }

    private void ReadDollar(bool quoted)
    {
        switch (Peek())
        {
            case '(':
                _refusal = Peek(2) == '(' ? "computes a number in the shell" : "uses command substitution";
                break;
            case '\'' or '"' when !quoted:
                _refusal = "uses quotes that not every shell reads alike ($'...')";
                break;
            case '{':
                ReadBraces();
                break;
            default:
                _readsPort |= PortVariable.IsReadAt(_text, _at);
                Take();
                break;
        }
    }

    private void ReadBraces()
    {
        _readsPort |= PortVariable.IsReadAt(_text, _at);
        Take();
        Take();
        while (_at < _text.Length && _text[_at] != '}')
        {
            if (_text[_at] is '\'' or '"' or '`' or '\\' or '$' or '{' or '\n' or '\0')
            {
                _refusal = "nests one expansion in another";
                return;
            }

            Take();
        }

        if (_at == _text.Length)
        {
            _refusal = "leaves ${ open";
            return;
        }

        Take();
    }

    private void ReadSingleQuotes()
    {
        BeginWord();
        _at++;
        while (_at < _text.Length && _text[_at] is not ('\'' or '\0'))
        {
            Take();
        }

        CloseQuotes('\'');
    }

    private void ReadDoubleQuotes()
    {
        BeginWord();
        _at++;
        while (_at < _text.Length && _text[_at] != '"' && _refusal is null)
        {
            if (_text[_at] == '\\' && Peek() is '$' or '`' or '"' or '\\' or '\n')
            {
                ReadEscape();
            }
            else
            {
                ReadPlainOrExpansion(quoted: true);
            }
        }

        CloseQuotes('"');
    }

    private void CloseQuotes(char quote)
    {
        if (_at < _text.Length && _text[_at] == quote)
        {
            _at++;
        }
        else
        {
            _refusal ??= _at < _text.Length ? "holds a NUL character" : "has unbalanced quotes";
        }
    }

    // A backslash before a line's end joins the lines and is no part of any word.
    private void ReadEscape()
    {
        if (_at + 1 == _text.Length)
        {
            _refusal = "ends with a backslash";
        }
        else if (Peek() == '\n')
        {
            _at += 2;
        }
        else
        {
            BeginWord();
            _at++;
            Take();
        }
    }

    private void ReadRedirection()
    {
        var second = Peek();
        if (_text[_at] == '<' && second == '<')
        {
            _refusal = "uses a here-document";
        }
        else if (second == '(')
        {
            _refusal = "uses process substitution";
        }
        else
        {
            AddOperator(ShellRole.Redirection, second is '&' or '>' or '|' ? 2 : 1);
        }
    }

    private void ReadComment()
    {
        var end = _text.IndexOf('\n', _at);
        end = end < 0 ? _text.Length : end;
        AddOperator(ShellRole.Comment, end - _at);
    }

    private void AddOperator(ShellRole role, int length)
    {
        EndWord();
        _tokens.Add(new ShellToken(role, _at, _at + length, _text.Substring(_at, length), []));
        _at += length;
    }

    private void BeginWord() => _wordStart = _wordStart < 0 ? _at : _wordStart;

    private void Take()
    {
        BeginWord();
        _word.Append(_text[_at]);
        _origins.Add(_at++);
    }

    private void EndWord()
    {
        if (_wordStart >= 0)
        {
            _tokens.Add(new ShellToken(ShellRole.Argument, _wordStart, _at, _word.ToString(), [.. _origins]));
            _word.Clear();
            _origins.Clear();
            _wordStart = -1;
        }
    }
}
