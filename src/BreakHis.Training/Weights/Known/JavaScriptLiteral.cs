using System.Globalization;
using System.Text;
using System.Text.Json;
using static System.FormattableString;

namespace BreakHis.Training.Weights.Known;

/// <summary>
/// Converts a JavaScript literal, as minifiers write it, to JSON: keys without quotes, <c>!0</c> for true, <c>.5</c>
/// for 0.5. It executes nothing, and rejects everything else.
/// </summary>
internal sealed class JavaScriptLiteral
{
    private const int Deepest = 64;
    private readonly string _text;
    private readonly Utf8JsonWriter _writer;
    private int _at;

    private JavaScriptLiteral(string text, int at, Utf8JsonWriter writer) => (_text, _at, _writer) = (text, at, writer);

    /// <summary>Converts the literal that begins at a position of a text.</summary>
    /// <exception cref="FormatException">There is no literal.</exception>
    public static byte[] ToJson(string text, int start)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            new JavaScriptLiteral(text, start, writer).Value(0);
        }

        return json.ToArray();
    }

    private char Next => _at < _text.Length ? _text[_at] : throw new FormatException("the literal is truncated");

    private void Value(int depth)
    {
        if (depth > Deepest)
        {
            throw new FormatException($"the literal is nested deeper than {Deepest}");
        }

        SkipSpace();
        switch (Next)
        {
            case '{':
                _writer.WriteStartObject();
                Items('}', () => Member(depth));
                _writer.WriteEndObject();
                break;
            case '[':
                _writer.WriteStartArray();
                Items(']', () => Value(depth + 1));
                _writer.WriteEndArray();
                break;
            case '"' or '\'':
                _writer.WriteStringValue(Text());
                break;
            default:
                Word();
                break;
        }
    }

    private void Items(char end, Action item)
    {
        _at++;
        for (SkipSpace(); Next != end; SkipSpace())
        {
            item();
            SkipSpace();
            if (Next == ',')
            {
                _at++;
            }
            else if (Next != end)
            {
                throw Unexpected();
            }
        }

        _at++;
    }

    private void Member(int depth)
    {
        _writer.WritePropertyName(Next is '"' or '\'' ? Text() : Run(c => char.IsLetterOrDigit(c) || c is '_' or '$'));
        SkipSpace();
        if (Next != ':')
        {
            throw Unexpected();
        }

        _at++;
        Value(depth + 1);
    }

    private void Word()
    {
        string word = Run(c => char.IsLetterOrDigit(c) || c is '!' or '.' or '+' or '-');
        switch (word)
        {
            case "!0" or "true":
                _writer.WriteBooleanValue(true);
                break;
            case "!1" or "false":
                _writer.WriteBooleanValue(false);
                break;
            case "null":
                _writer.WriteNullValue();
                break;
            default:
                _writer.WriteNumberValue(
                    double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                    && double.IsFinite(number)
                        ? number
                        : throw new FormatException($"'{word}' is not a literal")
                );
                break;
        }
    }

    private string Text()
    {
        char quote = Next;
        var text = new StringBuilder();
        for (_at++; Next != quote; _at++)
        {
            text.Append(Next == '\\' ? Escaped() : Next);
        }

        _at++;
        return text.ToString();
    }

    /// <summary>
    /// The character of an escape sequence. Leaves the position at the last character of the sequence.
    /// </summary>
    private char Escaped()
    {
        _at++;
        return Next switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\b',
            'f' => '\f',
            'u' => Code(4),
            'x' => Code(2),
            '"' or '\'' or '\\' or '/' => Next,
            _ => throw Unexpected(),
        };
    }

    private char Code(int digits)
    {
        string hex = _text.Substring(_at + 1, Math.Min(digits, _text.Length - _at - 1));
        _at += digits;
        return ushort.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code)
            ? (char)code
            : throw new FormatException($"'{hex}' is not a character code");
    }

    private string Run(Predicate<char> belongs)
    {
        int start = _at;
        while (belongs(Next))
        {
            _at++;
        }

        return _at > start ? _text[start.._at] : throw Unexpected();
    }

    private void SkipSpace()
    {
        while (char.IsWhiteSpace(Next))
        {
            _at++;
        }
    }

    private FormatException Unexpected() => new(Invariant($"unexpected '{Next}' at character {_at}"));
}
