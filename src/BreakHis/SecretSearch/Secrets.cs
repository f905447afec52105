namespace BreakHis.SecretSearch;

/// <summary>
/// Recognises texts, files and file names that look like secrets. A ledger is meant to be shared, and its chain cannot
/// forget. Digests, lock files and ordinary source are not meant to be recognised. The time is linear in the length.
/// </summary>
internal static class Secrets
{
    /// <summary>Stands for a value that is not recorded.</summary>
    public const string Withheld = "withheld";

    private const int ShortestWord = 10;

    /// <summary>Returns whether a file of this name usually contains a secret.</summary>
    public static bool IsFileName(string path) => SecretFileNames.Match(path);

    /// <summary>Returns whether the name of an environment variable suggests a secret, whatever its value.</summary>
    public static bool IsVariableName(string name) => SecretName.HasWord(name);

    /// <summary>Returns what kind of secret a text seems to contain, such as "an access token", or null.</summary>
    /// <param name="text">A text, or a patch.</param>
    /// <param name="path">The file that the text is from, or null.</param>
    public static string? Find(string text, string? path = null) =>
        Unmistakable(text)
        ?? (
            CommandPasswords.AreIn(ContinuedLines.Joined(text))
            || KubernetesSecrets.AreIn(text)
            || PgpassEntry.IsIn(text)
            || Assignments.Has(text, path is not null && SourceFile.Is(path))
                ? "a password or key"
                : null
        );

    /// <summary>
    /// Returns what kind of secret the name of a file seems to contain, or null. A token may come after an underscore.
    /// </summary>
    public static string? FindInPath(string path) =>
        Find(path) ?? (Tokens.IsIn(path, isText: false) ? "an access token" : null);

    /// <summary>
    /// Returns what kind of secret a text of a spec seems to contain, or null. Words such as "key" and "token" before a
    /// name or number are not enough: specs describe experiments.
    /// </summary>
    public static string? FindInSpec(string text) =>
        Unmistakable(text)
        ?? (
            CommandPasswords.AreIn(text) || Assignments.Has(text, isSource: false, least: SecretWeight.Medium)
                ? "a password or key"
                : null
        );

    /// <summary>Returns what kind of secret the content of a file seems to contain, in any encoding, or null.</summary>
    public static string? Find(byte[] content, string path) =>
        SearchedText
            .Of(content)
            .Select(text => text.IsText ? Find(text.Text, path) : Unmistakable(text.Text, isText: false))
            .FirstOrDefault(kind => kind is not null);

    /// <summary>Returns a text, or what stands for it in a record if it seems to contain a secret.</summary>
    public static string Shown(string text) => Find(text) is string kind ? InsteadOf(kind) : text;

    /// <summary>Returns the value of a variable, or what stands for it if name and value seem to be a secret.</summary>
    public static string Shown(string name, string value) =>
        FindInVariable(name, value) is string kind ? InsteadOf(kind) : value;

    /// <summary>
    /// Returns what kind of secret an environment variable seems to contain, or null. A random word as its whole value is
    /// one, whatever the name; identifiers of devices and jobs have separators or are numbers.
    /// </summary>
    public static string? FindInVariable(string name, string value) =>
        Find(value)
        ?? Find($"{name}={value}")
        ?? (
            value.Length >= ShortestWord && value.All(char.IsAsciiLetterOrDigit) && Randomness.IsRandom(value)
                ? "a password or key"
                : null
        );

    private static string InsteadOf(string kind) => $"({Withheld}: seems to contain {kind})";

    private static string? Unmistakable(string text, bool isText = true) =>
        PrivateKeys.IsIn(text) ? "a private key"
        : Tokens.IsIn(text, isText) ? "an access token"
        : PasswordHashes.AreIn(text) ? "the hash of a password"
        : AddressPasswords.AreIn(text) ? "a password in an address"
        : null;
}
