using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Numerics;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using Xunit;

namespace BreakHis.Tests.Plans.Checks;

/// <summary>Each check of a split: what it finds, what it ignores, and what it could not check.</summary>
public sealed class LeakChecksTests
{
    [Fact]
    public void A_patient_on_both_sides_is_a_leak_even_if_other_patients_are_unknown()
    {
        LeakCheck check = Check("patients", Image("a", "p1"), Image("b", "p1", Side.Validation), Image("c", ""));

        Assert.Equal(LeakVerdict.Leak, check.Verdict);
        Assert.Contains("p1", check.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Patients_on_one_side_each_are_clean_and_counted_once_per_side()
    {
        LeakCheck check = Check(
            "patients",
            Image("a", "p1"),
            Image("b", "p1"),
            Image("c", "p2"),
            Image("d", "p3", Side.Validation)
        );

        Assert.Equal(LeakVerdict.Clean, check.Verdict);
        Assert.Equal([2, 1], Numbers(check.Text));
    }

    [Theory]
    [InlineData("P001", "p1", true)]
    [InlineData("a-01", "A-001", true)]
    [InlineData("P1", "P1 ", true)]
    [InlineData("Stra\u00dfe 1", "STRASSE 1", true)]
    [InlineData("P 1", "P1", false)]
    [InlineData("P001", "P100", false)]
    [InlineData("P10", "P1", false)]
    public void Patients_whose_names_differ_little_are_in_doubt(string one, string other, bool inDoubt) =>
        Assert.Equal(
            inDoubt ? LeakVerdict.Doubt : LeakVerdict.Clean,
            Check("patients", Image("a", one), Image("b", other, Side.Validation)).Verdict
        );

    [Fact]
    public void An_image_without_a_patient_leaves_patients_and_roots_unchecked()
    {
        PlannedImage[] images = [Image("a", "14-1"), Image("b", "14-2"), Image("c", "", Side.Validation)];

        Assert.Equal(LeakVerdict.NotChecked, Check("patients", images).Verdict);
        Assert.Equal([1, 3], Numbers(Check("patients", images).Text));
        Assert.Equal(LeakVerdict.NotChecked, Check("roots", images).Verdict);
        Assert.Equal(LeakVerdict.NotChecked, Check("labels", images).Verdict);
        Assert.Equal([1, 3], Numbers(Check("labels", images).Text));
    }

    [Fact]
    public void Without_any_patient_nothing_that_needs_one_is_checked()
    {
        PlannedImage[] images = [Image("a", ""), Image("b", "", Side.Validation)];

        Assert.All(
            (string[])["patients", "roots", "labels"],
            name => Assert.Equal(LeakVerdict.NotChecked, Check(name, images).Verdict)
        );
    }

    /// <summary>Patients of other data sets may have images of several classes, and letters in their names.</summary>
    [Fact]
    public void Patients_that_are_no_slides_of_BreaKHis_leave_roots_and_labels_unchecked()
    {
        PlannedImage[] images =
        [
            Image("a", "P1A"),
            Image("b", "P1A", subtype: "y"),
            Image("c", "P1B", Side.Validation),
        ];

        Assert.Equal(LeakVerdict.Clean, Check("patients", images).Verdict);
        Assert.Equal(LeakVerdict.NotChecked, Check("roots", images).Verdict);
        Assert.Equal(LeakVerdict.NotChecked, Check("labels", images).Verdict);
    }

    [Fact]
    public void Slides_of_one_root_on_different_sides_are_a_doubt()
    {
        LeakCheck check = Check(
            "roots",
            Image("a", "14-2CD"),
            Image("b", "14-2AB", Side.Validation),
            Image("c", "14-1EF", Side.Validation),
            Image("d", "14-1AB"),
            Image("e", "")
        );

        Assert.Equal(LeakVerdict.Doubt, check.Verdict);
        Assert.Equal(["14-1AB", "14-1EF", "14-2AB", "14-2CD"], Slides(check.Text));
    }

    [Fact]
    public void Slides_of_one_root_on_one_side_are_clean_and_so_is_one_slide_on_both_sides()
    {
        Assert.Equal(
            LeakVerdict.Clean,
            Check("roots", Image("a", "14-1AB"), Image("b", "14-1CD"), Image("c", "14-2", Side.Validation)).Verdict
        );
        Assert.Equal(
            LeakVerdict.Clean,
            Check("roots", Image("a", "14-1AB"), Image("b", "14-1AB", Side.Validation)).Verdict
        );
    }

    [Fact]
    public void A_slide_under_two_subtypes_is_a_doubt()
    {
        LeakCheck check = Check(
            "labels",
            Image("a", "14-2", subtype: "y"),
            Image("b", "14-2", subtype: "x"),
            Image("c", "14-1", subtype: "y"),
            Image("d", "14-1", subtype: "x"),
            Image("e", "14-3", subtype: "x")
        );

        Assert.Equal(LeakVerdict.Doubt, check.Verdict);
        Assert.Equal(["14-1", "14-2"], Slides(check.Text));
    }

    [Fact]
    public void Slides_under_one_subtype_each_are_clean_and_images_without_a_slide_are_not_a_slide()
    {
        PlannedImage[] known = [Image("a", "14-1", subtype: "x"), Image("b", "14-2", subtype: "y")];
        PlannedImage[] unknown = [Image("c", "", subtype: "x"), Image("d", "", subtype: "y")];

        Assert.Equal(LeakVerdict.Clean, Check("labels", known).Verdict);
        Assert.Equal(LeakVerdict.NotChecked, Check("labels", [.. known, .. unknown]).Verdict);
    }

    [Fact]
    public void Slides_under_several_subtypes_are_listed_in_order()
    {
        IReadOnlyList<(string Patient, string[] Subtypes)> slides = LeakChecks.UnderSeveralSubtypes([
            ("14-2", "b"),
            ("14-2", "a"),
            ("14-1", "c"),
            ("14-1", "a"),
            ("14-1", "c"),
            ("14-3", "a"),
            ("14-3", "a"),
            ("", "a"),
            ("P4", "a"),
            ("P4", "b"),
            ("", "b"),
        ]);

        Assert.Equal(["14-1", "14-2"], slides.Select(slide => slide.Patient));
        Assert.Equal(
            [
                ["a", "c"],
                ["a", "b"],
            ],
            slides.Select(slide => slide.Subtypes)
        );
    }

    [Fact]
    public void A_file_on_both_sides_is_a_leak_that_names_both_images()
    {
        LeakCheck check = Check(
            "files",
            Image("train.png", "p1", hash: "1"),
            Image("again.png", "p1", hash: "1"),
            Image("other.png", "p1", hash: "2"),
            Image("copy.png", "p2", Side.Validation, hash: "1"),
            Image("own.png", "p2", Side.Validation, hash: "3")
        );

        Assert.Equal(LeakVerdict.Leak, check.Verdict);
        Assert.Equal([1], Numbers(check.Text));
        Assert.Matches(@"copy\.png.*train\.png", check.Text);
    }

    [Fact]
    public void Files_on_one_side_each_are_clean_and_files_without_a_hash_are_not_checked()
    {
        Assert.Equal(
            LeakVerdict.Clean,
            Check(
                "files",
                Image("a", "", hash: "1"),
                Image("b", "", hash: "1"),
                Image("c", "", Side.Validation, hash: "2")
            ).Verdict
        );
        Assert.Equal(
            LeakVerdict.NotChecked,
            Check("files", Image("a", "", hash: ""), Image("b", "", Side.Validation, hash: "")).Verdict
        );
    }

    [Fact]
    public void Images_are_compared_only_if_their_digests_are_given()
    {
        PlannedImage[] images = [Image("a", "", hash: "1"), Image("b", "", Side.Validation, hash: "2")];
        string[] names = ["patients", "roots", "labels", "files", "pixels", "near_duplicates"];

        IReadOnlyList<LeakCheck> without = LeakChecks.Of(images, digests: null);
        IReadOnlyList<LeakCheck> with = LeakChecks.Of(images, Digests(("1", "p", 0), ("2", "q", 1056)));

        Assert.Equal(names, without.Select(check => check.Name));
        Assert.Equal(names, with.Select(check => check.Name));
        Assert.All(without.TakeLast(2), check => Assert.Equal(LeakVerdict.NotChecked, check.Verdict));
        Assert.All(with.TakeLast(2), check => Assert.Equal(LeakVerdict.Clean, check.Verdict));
    }

    [Fact]
    public void The_same_pixels_in_another_file_are_a_leak_and_no_near_duplicate()
    {
        IReadOnlyList<LeakCheck> checks = LeakChecks.Of(
            [Image("a", "", hash: "1"), Image("b", "", Side.Validation, hash: "2")],
            Digests(("1", "same", 5), ("2", "same", 5))
        );

        Assert.Equal(
            [LeakVerdict.Clean, LeakVerdict.Leak, LeakVerdict.Clean],
            checks.TakeLast(3).Select(check => check.Verdict)
        );
        Assert.Equal(
            "apart from identical images, no validation image is nearly identical to a training image",
            checks[^1].Text
        );
    }

    [Theory]
    [InlineData(675, true)]
    [InlineData(676, false)]
    public void Images_that_differ_in_at_most_32_percent_of_2112_steps_are_near_duplicates(int steps, bool leaks)
    {
        IReadOnlyList<LeakCheck> checks = LeakChecks.Of(
            [Image("trained.png", "", hash: "1"), Image("validated.png", "", Side.Validation, hash: "2")],
            Digests(("1", "p", 1056), ("2", "q", 1056 - steps))
        );

        LeakCheck near = checks[^1];
        Assert.Equal(leaks ? LeakVerdict.Leak : LeakVerdict.Clean, near.Verdict);
        Assert.Equal(
            leaks,
            Regex.IsMatch(near.Text, @"validated\.png.*trained\.png", RegexOptions.None, TimeSpan.FromMinutes(1))
        );
        Assert.Equal(LeakVerdict.Clean, checks[^2].Verdict);
    }

    [Fact]
    public void Images_that_are_too_flat_are_counted_and_not_checked()
    {
        Dictionary<string, PictureDigest> digests = Digests(("1", "p", 0), ("2", "q", 1056), ("3", "r", 0));
        PlannedImage[] images =
        [
            Image("a", "", hash: "1"),
            Image("b", "", Side.Validation, hash: "2"),
            Image("c", "", Side.Validation, hash: "3"),
        ];
        digests["3"] = digests["3"] with { Look = "" };

        LeakCheck near = LeakChecks.Of(images, digests)[^1];
        digests["1"] = digests["2"] with { Pixels = "t" };
        LeakCheck leak = LeakChecks.Of(images, digests)[^1];

        Assert.Equal(LeakVerdict.Leak, leak.Verdict);
        Assert.EndsWith("; 1 of 3 images are too flat to compare", leak.Text, StringComparison.Ordinal);
        Assert.Equal(LeakVerdict.NotChecked, near.Verdict);
        Assert.Equal(
            "1 of 3 images are too flat to compare; among the others, no validation image is nearly identical to a training image",
            near.Text
        );
    }

    [Fact]
    public void Near_duplicates_on_one_side_are_no_leak() =>
        Assert.Equal(
            LeakVerdict.Clean,
            LeakChecks
                .Of(
                    [
                        Image("a", "", hash: "1"),
                        Image("b", "", hash: "2"),
                        Image("c", "", Side.Validation, hash: "3"),
                        Image("d", "", Side.Validation, hash: "4"),
                    ],
                    Digests(("1", "p", 1056), ("2", "q", 1055), ("3", "r", 1), ("4", "s", 0))
                )[^1]
                .Verdict
        );

    [Fact]
    public void Test_images_are_compared_with_training_and_validation_images()
    {
        PlannedImage Image(string path, string sha, string patient, Side side) =>
            new(path, sha, 0, patient, "a", 0, side);
        PlannedImage[] images =
        [
            Image("train/1.png", "s1", "p1", Side.Train),
            Image("val/2.png", "s2", "p2", Side.Validation),
            Image("test/3.png", "s1", "p3", Side.Test),
            Image("test/4.png", "s2", "p2", Side.Test),
            Image("test/5.png", "s5", "p5", Side.Test),
        ];

        IReadOnlyList<LeakCheck> checks = LeakChecks.Of(images, digests: null);

        Assert.Equal(
            "1 patient is on different sides of the split (p2), so accuracy on unseen patients is probably lower than shown",
            checks.Single(check => check.Name == "patients").Text
        );
        Assert.Equal(
            "2 test images are also in training or validation, byte for byte, such as test/3.png (as train/1.png)",
            checks.Single(check => check.Name == "files").Text
        );
        Assert.Equal(
            "no patient is on different sides (1 in training, 1 in validation, 2 in test)",
            LeakChecks.Of([.. images.Where(image => image.Path != "test/4.png")], null)[0].Text
        );
    }

    [Fact]
    public void The_sentence_names_what_is_clean_and_then_what_was_not_checked()
    {
        LeakCheck[] clean = [new("files", LeakVerdict.Clean, ""), new("b_a", LeakVerdict.Clean, "")];
        string all = LeakChecks.InWords(clean, hasTest: false);
        string some = LeakChecks.InWords(
            [
                .. clean,
                new("roots", LeakVerdict.NotChecked, ""),
                new("pixels", LeakVerdict.NotChecked, ""),
                new("patients", LeakVerdict.Doubt, ""),
            ],
            hasTest: false
        );

        Assert.EndsWith("b-a, files)", all, StringComparison.Ordinal);
        Assert.StartsWith(all[..^1], some, StringComparison.Ordinal);
        Assert.EndsWith("pixels, slides with the same number)", some, StringComparison.Ordinal);
        Assert.DoesNotContain("patients", some, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_verdict_has_its_own_word()
    {
        string[] words = [.. Enum.GetValues<LeakVerdict>().Select(verdict => new LeakCheck("files", verdict, "").Word)];

        Assert.Equal(["clean", "doubt", "leak", "not checked"], words);
    }

    private static LeakCheck Check(string name, params PlannedImage[] images) =>
        LeakChecks.Of(images, digests: null).Single(check => check.Name == name);

    private static PlannedImage Image(
        string path,
        string patient,
        Side side = Side.Train,
        string subtype = "x",
        string? hash = null
    ) => new(path, hash ?? path, 0, patient, subtype, 40, side);

    /// <summary>Digests by hash: pixels, and a look that differs from a fixed one in some steps.</summary>
    private static Dictionary<string, PictureDigest> Digests(params (string Hash, string Pixels, int Steps)[] images) =>
        images.ToDictionary(
            image => image.Hash,
            image => new PictureDigest(10, 10, image.Pixels, Look(image.Steps)),
            StringComparer.Ordinal
        );

    private static string Look(int steps)
    {
        ulong[] words = new ulong[DifferenceHash.WordCount];
        Array.Fill(words, ulong.MaxValue, words.Length / 2, words.Length / 2);
        var random = RandomStream.From(1, "look");
        for (int i = 0; i < words.Length / 2; i++)
        {
            words[i] = random.NextUInt64();
        }

        for (int i = 0; i < steps; i++)
        {
            // Spread over the image.
            int at = i * 1009 % (words.Length * 32);
            words[at / 64] ^= 1UL << (at % 64);
        }

        return Convert.ToBase64String(MemoryMarshal.AsBytes<ulong>(words));
    }

    private static int[] Numbers(string text) =>
        [
            .. Regex
                .Matches(text, @"\b\d+\b", RegexOptions.None, TimeSpan.FromMinutes(1))
                .Select(match => int.Parse(match.Value, CultureInfo.InvariantCulture)),
        ];

    private static string[] Slides(string text) =>
        [.. Regex.Matches(text, @"14-\w+", RegexOptions.None, TimeSpan.FromMinutes(1)).Select(match => match.Value)];
}
