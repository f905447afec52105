using BreakHis.Data;
using BreakHis.Data.Splits;
using BreakHis.Numerics;
using BreakHis.Specs;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Data.Splits;

public sealed class SplitTests
{
    private static readonly Gen<Pictures> SomePictures =
        from seed in Gen.Long
        from patients in Gen.Int[2, 30]
        from classes in Gen.Int[2, 5]
        from images in Gen.Int[0, classes * 100 - 1].Array[10, 120]
        select new Pictures(
            seed,
            [.. images.Select((n, i) => Image(i, $"p{n % patients}"))],
            // A patient may have images of several classes, as slide 13412 has in BreaKHis.
            [.. images.Select(n => $"c{n / 100}")]
        );

    [Fact]
    public void By_patient_no_patient_is_on_both_sides() =>
        (from pictures in SomePictures from share in Gen.Double[0.01, 0.99] select (pictures, share)).Sample(s =>
        {
            var split = new SplitSpec
            {
                By = SplitUnit.Patient,
                Validation = s.share,
                Seed = s.pictures.Seed,
            };
            AssertNoPatientOnBothSides(s.pictures, split);
        });

    [Fact]
    public void By_patient_no_fold_has_a_patient_on_both_sides_and_each_image_is_validated_once() =>
        (from pictures in SomePictures from folds in Gen.Int[2, 6] select (pictures, folds)).Sample(s =>
        {
            int[] validated = new int[s.pictures.Images.Length];
            for (int fold = 1; fold <= s.folds; fold++)
            {
                var split = new SplitSpec
                {
                    By = SplitUnit.Patient,
                    Folds = s.folds,
                    Fold = fold,
                    Seed = s.pictures.Seed,
                };
                bool[] sides = AssertNoPatientOnBothSides(s.pictures, split);
                for (int i = 0; i < sides.Length; i++)
                {
                    validated[i] += sides[i] ? 1 : 0;
                }
            }

            Assert.All(validated, count => Assert.Equal(1, count));
        });

    [Fact]
    public void By_image_each_class_is_divided_by_the_share() =>
        (from pictures in SomePictures from share in Gen.Double[0.1, 0.9] select (pictures, share)).Sample(s =>
        {
            var split = new SplitSpec
            {
                By = SplitUnit.Image,
                Validation = s.share,
                Seed = s.pictures.Seed,
            };
            bool[] sides = Split.Divide(s.pictures.Images, s.pictures.Labels, split);
            foreach (string label in s.pictures.Labels.Distinct(StringComparer.Ordinal))
            {
                int all = s.pictures.Labels.Count(l => l == label);
                int validated = sides.Where((side, i) => side && s.pictures.Labels[i] == label).Count();
                double target = s.share * all;
                bool nearest = Math.Abs(validated - target) <= 0.5 + 1e-9;
                Assert.True(
                    nearest || (all > 1 && validated == 1 && target < 1) || validated == all - 1,
                    $"{validated} of {all}, target {target}"
                );
            }
        });

    [Fact]
    public void The_order_of_the_images_does_not_matter() =>
        (from pictures in SomePictures from shuffle in Gen.Long select (pictures, shuffle)).Sample(s =>
        {
            var split = new SplitSpec
            {
                By = SplitUnit.Patient,
                Validation = 0.3,
                Seed = 7,
            };
            int[] order = RandomStream.From(s.shuffle, "test").Permutation(s.pictures.Images.Length);
            bool[] sides = Split.Divide(s.pictures.Images, s.pictures.Labels, split);
            bool[] shuffled = Split.Divide(
                [.. order.Select(i => s.pictures.Images[i])],
                [.. order.Select(i => s.pictures.Labels[i])],
                split
            );
            Assert.Equal(order.Select(i => sides[i]), shuffled);
        });

    [Fact]
    public void Another_seed_gives_another_split()
    {
        var pictures = new Pictures(
            1,
            [.. Enumerable.Range(0, 80).Select(i => Image(i, $"p{i / 4}"))],
            [.. Enumerable.Range(0, 80).Select(i => $"c{i / 4 % 2}")]
        );
        IEnumerable<string> splits = Enumerable
            .Range(1, 20)
            .Select(seed =>
                Split.Divide(
                    pictures.Images,
                    pictures.Labels,
                    new SplitSpec
                    {
                        By = SplitUnit.Patient,
                        Validation = 0.3,
                        Seed = seed,
                    }
                )
            )
            .Select(sides => string.Concat(sides.Select(side => side ? 'v' : 't')));
        Assert.True(splits.Distinct(StringComparer.Ordinal).Count() > 15);
    }

    [Fact]
    public void By_patient_needs_patients()
    {
        DataException e = Assert.Throws<DataException>(() =>
            Split.Divide(
                [Image(1, ""), Image(2, "p")],
                ["a", "b"],
                new SplitSpec { By = SplitUnit.Patient, Validation = 0.5 }
            )
        );
        Assert.Contains("0001.png", e.Message, StringComparison.Ordinal);
    }

    private static bool[] AssertNoPatientOnBothSides(Pictures pictures, SplitSpec split)
    {
        bool[] sides = Split.Divide(pictures.Images, pictures.Labels, split);
        foreach (
            IGrouping<string, bool> patient in sides
                .Zip(pictures.Images)
                .GroupBy(p => p.Second.Patient, p => p.First, StringComparer.Ordinal)
        )
        {
            Assert.Single(patient.Distinct());
        }

        return sides;
    }

    private static CatalogueImage Image(int number, string patient) =>
        new($"{number:d4}.png", $"{number}", "s", null, patient, 0, null);

    private sealed record Pictures(long Seed, CatalogueImage[] Images, string[] Labels);
}
