using System.IO.Enumeration;

namespace BreakHis.SecretSearch;

/// <summary>The names of files that usually contain a secret.</summary>
internal static class SecretFileNames
{
    private static readonly string[] Patterns =
    [
        ".env",
        "*.env",
        ".env.*",
        ".envrc",
        "*.pem",
        "*.key",
        "*.pfx",
        "*.p12",
        "*.ppk",
        "*.jks",
        "*.keystore",
        "*.kdbx",
        "id_rsa",
        "id_dsa",
        "id_ecdsa",
        "id_ed25519",
        ".netrc",
        "_netrc",
        ".npmrc",
        ".pypirc",
        "*.pgpass",
        "pgpass.conf",
        ".my.cnf",
        ".htpasswd",
        ".git-credentials",
        ".dockercfg",
        ".s3cfg",
        ".boto",
        ".vault-token",
        "vault-token",
        "kubeconfig",
        "kaggle.json*",
        "client_secret*.json",
        "service-account*.json",
        "service_account*.json",
        "*.tfstate",
        "*.tfvars",
        ".vault_pass*",
        "hf_token*",
        ".hf_token",
        "token.txt",
        "api_key.txt",
        "api_token.txt",
        "apikey.txt",
        "password.txt",
        "passwords.txt",
        "secret.txt",
        "secrets.txt",
        "credentials",
        "credentials.json",
        "credentials.y*ml",
        "credentials.toml",
        "secrets.json",
        "secrets.y*ml",
        "secrets.toml",
        "secrets.ini",
    ];

    // What other people copy and fill in.
    private static readonly string[] Examples = [".dist", ".example", ".sample", ".template"];

    /// <summary>Returns whether a file of this name usually contains a secret.</summary>
    public static bool Match(string path) =>
        !Examples.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
        && Array.Exists(
            Patterns,
            pattern => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path), ignoreCase: true)
        );
}
