using System.Security.Cryptography;
using System.Text;
using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Specs.Reading;

namespace BreakHis.Tests.Plans;

/// <summary>Plans of any spec, for images that exist only by name.</summary>
internal static class PlannedSpecs
{
    /// <summary>The plan of a spec, or null if the spec cannot be planned.</summary>
    /// <param name="facts">What the plan is resolved from besides the spec; null for what the spec leads to.</param>
    public static Plan? Resolve(ExperimentSpec spec, PlannedFacts? facts = null)
    {
        try
        {
            facts ??= Facts(spec);
            return PlanResolution.Resolve(
                new SpecVariant(spec, [], null, null),
                "a.yaml",
                facts.Catalogue,
                facts.Weights,
                facts.Machine
            );
        }
        catch (DataException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // Neither a validation fraction nor folds: a rule between settings rejects this before planning.
            return null;
        }
    }

    /// <summary>Images, weights and machine for a spec.</summary>
    /// <exception cref="DataException">The images do not fit the spec.</exception>
    public static PlannedFacts Facts(ExperimentSpec spec)
    {
        Catalogue images = Images(spec.Data);
        return new PlannedFacts(
            images,
            new WeightsPlan($"/{spec.Model.Weights}", Hash("weights"), "synthetic")
            {
                Head = new WeightsHead([7], Labelling.Label(spec.Data, images).Classes),
            },
            new("cpu", new Dictionary<string, string>(StringComparer.Ordinal) { ["libtorch"] = "2.10.0.0" })
        );
    }

    /// <summary>
    /// Images as a source would list them. The content of synthetic images depends on their settings,
    /// and what is left of others on the excluded ones.
    /// </summary>
    private static Catalogue Images(DataSpec data)
    {
        string drawn =
            data.Source == DataSource.Synthetic
                ? $"{data.Synthetic}"
                : $" without {string.Join(',', data.Exclude ?? [])}";
        IReadOnlyList<int> magnifications = data.Magnifications.Count == 0 ? [40, 100, 200, 400] : data.Magnifications;
        return new Catalogue(
            [
                .. from subtype in (string[])["adenosis", "ductal_carcinoma", "fibroadenoma"]
                from patient in Enumerable.Range(0, 4)
                from magnification in magnifications.Order()
                let path = $"{subtype}/{patient}{"AB"[patient % 2]}/{magnification}/1.png"
                select new CatalogueImage(
                    path,
                    Hash($"{data.Source} {drawn} {path}"),
                    subtype,
                    subtype == "ductal_carcinoma",
                    $"14-{subtype.Length}{patient / 2}{"AB"[patient % 2]}"
                        + (data.Patient is null ? "" : $" {data.Patient}"),
                    magnification,
                    SideOf(data.Split, path)
                ),
            ],
            data.Path
        );
    }

    private static Side SideOf(SplitSpec split, string path) =>
        Hash($"{split.Fold} {path}")[0] switch
        {
            < '8' => split.Validation is null ? Side.Validation : Side.Test,
            'f' => Side.Test,
            _ => Side.Train,
        };

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
