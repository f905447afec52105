using System.Runtime.InteropServices;

namespace BreakHis.SecretSearch;

/// <summary>What surrounds a name.</summary>
/// <param name="IsSource">Whether a value without quotes is an expression of a programming language.</param>
/// <param name="IsEnvironment">Whether an environment variable is set or read.</param>
/// <param name="IsCapital">Whether the name is in capitals and begins a line or a command.</param>
/// <param name="IsOption">Whether the name is an option of a command line.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NameContext(bool IsSource, bool IsEnvironment, bool IsCapital, bool IsOption)
{
    private const int Window = 40;

    // Sets a variable in a notebook, to a value without quotes.
    private const string Magic = "%env ";

    // Defines a constant in C, whose value is also an expression.
    private const string Macro = "#define ";

    private static readonly string[] Environment =
    [
        "export ",
        "ENV ",
        "ARG ",
        "set ",
        "setx ",
        "setenv ",
        Macro,
        "environ[",
        "env:",
        "env[",
        "env.",
        "ENV[",
        "-e ",
        "--env ",
        Magic,
    ];

    private static readonly string[] Calls =
    [
        "environ.",
        "getenv(",
        "setenv(",
        "putenv(",
        "Getenv(",
        "Setenv(",
        "EnvironmentVariable(",
        "define(",
    ];

    private static readonly string[] Setters = ["set", "with", "add"];
    private static readonly string[] Logins = ["login(", "configure(", "Client("];

    /// <summary>Whether an environment variable or constant is an argument.</summary>
    public bool IsCall { get; private init; }

    /// <summary>Whether the name is that of a call that sets something, such as WithPassword.</summary>
    public bool IsSetter { get; private init; }

    /// <summary>Whether the name is an anchor of YAML, after which the value follows.</summary>
    public bool IsAnchor { get; private init; }

    /// <summary>Whether the name is that of a constant in C.</summary>
    public bool IsMacro { get; private init; }

    /// <summary>Whether the name is a word for a password, and nothing else.</summary>
    public bool IsPassword { get; private init; }

    /// <summary>Whether the value may be the name of a variable.</summary>
    public bool IsOfVariable { get; private init; }

    /// <summary>Whether the name is a parameter of a call that logs in, so that a key is one of a service.</summary>
    private bool IsLogin { get; init; }

    /// <summary>Whether the name says more than "key".</summary>
    private bool IsSpecific { get; init; }

    /// <summary>Returns the context of a name.</summary>
    public static NameContext Of(string text, int start, int end, bool isSource)
    {
        ReadOnlySpan<char> before = text.AsSpan(Math.Max(0, start - Window), Math.Min(start, Window));
        int line = before.LastIndexOfAny('\n', ';');
        // A parameter may stand on its own line.
        before = line < 0 || before[..line].TrimEnd().EndsWith(Logins[0]) ? before : before[(line + 1)..];
        char previous = start == 0 ? '\n' : text[start - 1];
        ReadOnlySpan<char> name = text.AsSpan(start, end - start);
        string member = name[(name.LastIndexOf('.') + 1)..].ToString();
        bool isCapital = name.IndexOfAnyInRange('a', 'z') < 0 && previous is '\n' or ' ' or '\t' or '+' or '-' or ';';
        bool isQuoted = previous is '"' or '\'' or ';' or '?' or '&' && !isCapital;
        return new NameContext(
            isSource && !isQuoted && !before.Contains(Magic, StringComparison.Ordinal) && !EndsInComment(before),
            Has(before, Environment),
            isCapital,
            name[0] == '-' && name.Length > 3
        )
        {
            IsCall = Has(before, Calls),
            IsAnchor = before.EndsWith(": &") || before.EndsWith("- &"),
            IsLogin = Has(before, Logins),
            IsMacro = before.EndsWith(Macro),
            IsOfVariable = SecretName.IsOfVariable(name),
            IsPassword = SecretName.IsPassword(member),
            IsSetter = Array.Exists(Setters, verb => member.StartsWith(verb, StringComparison.OrdinalIgnoreCase)),
            IsSpecific = SecretName.IsSpecific(name.TrimStart('-')),
        };
    }

    /// <summary>Returns whether the name is that of an environment variable, whose value is more surely a secret.</summary>
    public bool IsVariable(SeparatorKind separator) =>
        IsLogin
        || IsSpecific
            && (IsEnvironment || IsCall || IsOption || (IsCapital && !IsSource && separator == SeparatorKind.Tight));

    /// <summary>Returns whether the word before a name is that of a service, as in "API key".</summary>
    public static bool IsOfService(string text, int start)
    {
        ReadOnlySpan<char> before = text.AsSpan(Math.Max(0, start - Window), Math.Min(start, Window));
        if (!before.EndsWith(" "))
        {
            return false;
        }

        before = before[..^1];
        int from = before.Length;
        while (from > 0 && char.IsAsciiLetter(before[from - 1]))
        {
            from--;
        }

        return SecretWords.Services.Contains(before[from..].ToString());
    }

    /// <summary>Returns whether a line is a comment at its end, in which a value is no expression.</summary>
    private static bool EndsInComment(ReadOnlySpan<char> line) =>
        line.Contains("# ", StringComparison.Ordinal)
        || line.Contains("// ", StringComparison.Ordinal)
        || line.TrimStart() is ['#'] or "//";

    private static bool Has(ReadOnlySpan<char> before, string[] words)
    {
        foreach (string word in words)
        {
            int at = before.LastIndexOf(word, StringComparison.Ordinal);
            if (at == 0 || (at > 0 && !char.IsAsciiLetterOrDigit(before[at - 1])))
            {
                return true;
            }
        }

        return false;
    }
}
