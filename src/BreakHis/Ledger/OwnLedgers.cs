using BreakHis.Files;

namespace BreakHis.Ledger;

/// <summary>
/// The ledgers that this account began or adopted. The list is outside every home folder, so that no home folder can
/// say of itself that it is one's own.
/// </summary>
/// <param name="Folder">The folder of the list: an empty file for each ledger, named after its ID.</param>
internal sealed record OwnLedgers(string Folder)
{
    /// <summary>The list of the account that runs this process.</summary>
    public static OwnLedgers OfAccount =>
        new(
            Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.ApplicationData,
                    Environment.SpecialFolderOption.DoNotVerify
                ),
                "breakhis",
                "ledgers"
            )
        );

    /// <summary>Returns whether a ledger is in the list.</summary>
    public bool Has(string id) => IsId(id) && File.Exists(Path.Combine(Folder, id));

    /// <summary>Adds a ledger to the list. If the list cannot be written, the ledger stays somebody else's.</summary>
    /// <returns>Why the list cannot be written, or null.</returns>
    public string? Add(string id)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllBytes(Path.Combine(Folder, id), []);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>Takes a ledger off the list.</summary>
    public void Remove(string id)
    {
        if (Has(id))
        {
            File.Delete(Path.Combine(Folder, id));
        }
    }

    // A ledger of somebody else could name any file that exists.
    private static bool IsId(string id) => HexName.Is(id, digits: 32);
}
