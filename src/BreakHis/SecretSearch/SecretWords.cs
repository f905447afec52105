namespace BreakHis.SecretSearch;

/// <summary>The words by which <see cref="SecretName"/> weighs a name.</summary>
internal static class SecretWords
{
    /// <summary>Words for a password in other languages, some also without accents, that are hardly part of other
    /// words.</summary>
    public static readonly string[] ForeignStems =
    [
        "passwort",
        "kennwort",
        "contrasena",
        "contraseña",
        "wachtwoord",
        "motdepasse",
        "passord",
        "lösenord",
        "losenord",
        "adgangskode",
        "salasana",
        "lozinka",
        "jelszo",
        "jelszó",
        "matkhau",
        "парол",
        "κωδικός",
        "密码",
        "密碼",
        "口令",
        "パスワード",
        "비밀번호",
    ];

    /// <summary>Such words that are part of other words.</summary>
    public static readonly HashSet<string> ForeignWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "senha",
        "senhas",
        "parola",
        "parolă",
        "haslo",
        "hasło",
        "heslo",
        "geslo",
        "sifre",
        "şifre",
        "ŞİFRE",
        "암호",
    };

    /// <summary>Such words that also mean something else.</summary>
    public static readonly string[] DoubtfulForeignWords = ["clave", "passe", "khẩu"];

    /// <summary>What the names of passwords in other languages contain.</summary>
    public static readonly string[] ForeignPasswords = [.. ForeignStems, .. ForeignWords, .. DoubtfulForeignWords];

    /// <summary>After these words, "key" or "token" belongs to a service.</summary>
    public static readonly HashSet<string> Services = new(StringComparer.OrdinalIgnoreCase)
    {
        "access",
        "account",
        "aes",
        "anthropic",
        "api",
        "auth",
        "aws",
        "bearer",
        "bot",
        "client",
        "deploy",
        "docker",
        "encryption",
        "gh",
        "github",
        "gitlab",
        "hf",
        "hub",
        "hook",
        "id",
        "kaggle",
        "license",
        "login",
        "master",
        "npm",
        "nuget",
        "oauth",
        "openai",
        "private",
        "pypi",
        "refresh",
        "secret",
        "service",
        "session",
        "shared",
        "signing",
        "slack",
        "ssh",
        "storage",
        "subscription",
        "telegram",
        "user",
        "vault",
        "wandb",
        "webhook",
    };

    /// <summary>After these words, "pw" is a password.</summary>
    public static readonly HashSet<string> Owners = new(StringComparer.OrdinalIgnoreCase)
    {
        "account",
        "admin",
        "database",
        "db",
        "ftp",
        "login",
        "mail",
        "my",
        "mysql",
        "root",
        "smtp",
        "sql",
        "user",
    };

    /// <summary>After these words, "pass" is a part of a computation or a filter.</summary>
    public static readonly HashSet<string> Passes = new(StringComparer.OrdinalIgnoreCase)
    {
        "backward",
        "band",
        "first",
        "forward",
        "high",
        "low",
        "second",
        "single",
    };

    /// <summary>What the names of variables are kept in ends in these words.</summary>
    public static readonly HashSet<string> Variables = new(StringComparer.OrdinalIgnoreCase)
    {
        "env",
        "envvar",
        "var",
        "variable",
    };

    /// <summary>Names of keys, tokens and passwords in one word.</summary>
    public static readonly string[] JoinedKeys =
    [
        "apikey",
        "accesskey",
        "accountkey",
        "authkey",
        "clientkey",
        "encryptionkey",
        "privatekey",
        "secretkey",
        "sharedkey",
        "signingkey",
        "accesstoken",
        "apitoken",
        "authtoken",
        "refreshtoken",
        "bearertoken",
        "pgpass",
        "dbpass",
        "userpass",
        "mypass",
        "adminpass",
        "passcode",
        "requirepass",
        "rootpass",
        "smtppass",
        "sshpass",
    ];

    /// <summary>What cells secrete is not secret.</summary>
    public static readonly string[] OfCells = ["secretag", "secreted", "secretin", "secretion", "secreto"];

    /// <summary>Before or after the word, these make it something that is not secret.</summary>
    public static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "algo",
        "algorithm",
        "class",
        "column",
        "checksum",
        "count",
        "description",
        "digest",
        "dir",
        "endpoint",
        "error",
        "expiration",
        "expires",
        "expiry",
        "field",
        "file",
        "filename",
        "fingerprint",
        "folder",
        "format",
        "handler",
        "hash",
        "help",
        "hint",
        "icon",
        "index",
        "kind",
        "label",
        "keyserver",
        "len",
        "length",
        "manager",
        "message",
        "md",
        "method",
        "mode",
        "msg",
        "name",
        "namespace",
        "path",
        "pattern",
        "policy",
        "prefix",
        "prompt",
        "public",
        "provider",
        "regex",
        "recv",
        "ref",
        "reference",
        "refs",
        "regexp",
        "scope",
        "scopes",
        "server",
        "size",
        "sha",
        "stdin",
        "store",
        "suffix",
        "text",
        "title",
        "type",
        "types",
        "uri",
        "url",
        "validator",
        "version",
    };
}
