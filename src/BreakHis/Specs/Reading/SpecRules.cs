using System.Diagnostics;
using System.Text.RegularExpressions;
using BreakHis.Json;
using BreakHis.Specs.Problems;
using BreakHis.Wording;

namespace BreakHis.Specs.Reading;

/// <summary>A constraint between settings.</summary>
/// <param name="At">The path of the setting to fix.</param>
/// <param name="Needs">Other paths that the rule reads; the rule is skipped if one of them is faulty.</param>
/// <param name="Wrong">Returns the fault, or null.</param>
internal sealed record SpecRule(string Code, string At, string[] Needs, Func<ExperimentSpec, string?> Wrong);

/// <summary>The constraints between settings.</summary>
internal static class SpecRules
{
    private const string BottleneckPath = $"stages.{StageNames.Bottleneck}";

    private const string FineTunePath = $"stages.{StageNames.FineTune}";

    private const string TrainFromPath = $"{FineTunePath}.train_from";

    private const string StartFromPath = $"{FineTunePath}.start_from";

    private static readonly SpecRule[] Rules =
    [
        new(ProblemCodes.DemandedKey, "data.path", ["data.source"], s => DemandedPath(s.Data)),
        new(ProblemCodes.ExcludedKey, "data.path", ["data.source"], s => ExcludedPath(s.Data)),
        new(ProblemCodes.DemandedKey, "data.synthetic", ["data.source"], s => DemandedSynthetic(s.Data)),
        new(ProblemCodes.ExcludedKey, "data.synthetic", ["data.source"], s => ExcludedSynthetic(s.Data)),
        new(
            ProblemCodes.OutOfRange,
            "data.synthetic",
            ["data.synthetic.width", "data.synthetic.height"],
            s => TooManyPixels(s.Data.Synthetic)
        ),
        new(ProblemCodes.ExcludedKey, "data.label", ["data.source"], s => ExcludedLabel(s.Data)),
        new(ProblemCodes.ExcludedKey, "data.magnifications", ["data.source"], s => ExcludedMagnifications(s.Data)),
        new(ProblemCodes.ExcludedKey, "data.exclude", ["data.source"], s => ExcludedExclusions(s.Data)),
        new(ProblemCodes.ExcludedKey, "data.patient", ["data.source"], s => ExcludedPatient(s.Data)),
        new(ProblemCodes.TextNotAllowed, "data.patient.pattern", [], s => NotAPattern(s.Data.Patient)),
        new(ProblemCodes.ExcludedKey, "data.split.by", ["data.source"], s => ExcludedUnit(s.Data)),
        new(
            ProblemCodes.ExcludedKey,
            "data.split",
            ["data.split.by", "data.split.validation", "data.split.folds", "data.split.fold"],
            s => FoldersSplit(s.Data.Split)
        ),
        new(
            ProblemCodes.NotOneAlternative,
            "data.split",
            ["data.split.by", "data.split.validation", "data.split.folds", "data.split.fold"],
            s => ShareOrFolds(s.Data.Split)
        ),
        new(ProblemCodes.DemandedKey, "data.split.file", ["data.split.by"], s => DemandedFile(s.Data.Split)),
        new(ProblemCodes.ExcludedKey, "data.split.file", ["data.split.by"], s => ExcludedFile(s.Data.Split)),
        new(ProblemCodes.OutOfRange, "data.split.fold", ["data.split.folds"], s => FoldAmongFolds(s.Data.Split)),
        new(ProblemCodes.UnknownName, "model.weights", [], s => WeightsPathOrName(s.Model.Weights)),
        new(ProblemCodes.ExcludedKey, "model.preprocessing", ["model.weights"], s => ExcludedPreprocessing(s.Model)),
        new(ProblemCodes.DemandedKey, "stages", [], s => DemandedStage(s.Stages)),
        new(ProblemCodes.DemandedKey, BottleneckPath, [FineTunePath], s => DemandedBottleneck(s.Stages)),
        new(ProblemCodes.ExcludedKey, StartFromPath, ["model.weights"], HeadlessWeights),
        new(
            ProblemCodes.ExcludedKey,
            $"{FineTunePath}.head.dense",
            [StartFromPath],
            s => ExcludedDense(s.Stages.FineTune)
        ),
        new(
            ProblemCodes.InputTooSmall,
            $"{BottleneckPath}.input_size",
            ["model.backbone"],
            s => TooSmall(s.Model, s.Stages.Bottleneck?.InputSize)
        ),
        new(
            ProblemCodes.InputTooSmall,
            $"{FineTunePath}.input_size",
            ["model.backbone"],
            s => TooSmall(s.Model, s.Stages.FineTune?.InputSize)
        ),
        new(
            ProblemCodes.UnknownBlock,
            TrainFromPath,
            ["model.backbone"],
            s => UnknownBlock(s.Model, s.Stages.FineTune)
        ),
        new(
            ProblemCodes.UnknownKerasLayer,
            TrainFromPath,
            ["model.backbone"],
            s => UnknownKerasLayer(s.Model, s.Stages.FineTune)
        ),
    ];

    /// <summary>Returns the problems between settings that are valid on their own.</summary>
    public static IEnumerable<Problem> Check(BoundSpec bound, SpecNode tree) =>
        from rule in Rules
        where !rule.Needs.Append(rule.At).Any(path => bound.FaultyPaths.Any(faulty => Touches(faulty, path)))
        let wrong = rule.Wrong(bound.Spec)
        where wrong is not null
        select PlaceOf(rule, tree).Problem(rule.Code, $"{rule.At}: {wrong}");

    /// <summary>
    /// Returns the place of the setting to fix, unless a parent gives it and the file itself gives a setting that the
    /// rule reads: then the file has caused the problem, there.
    /// </summary>
    private static Place PlaceOf(SpecRule rule, SpecNode tree)
    {
        Place[] places =
        [
            tree.Nearest(rule.At).Place,
            .. rule.Needs.Select(tree.At).OfType<SpecNode>().Select(node => node.Place),
        ];
        return places.Where(place => place.Source == tree.Place.Source).Append(places[0]).First();
    }

    private static bool Touches(string faulty, string path) => IsAtOrUnder(faulty, path) || IsAtOrUnder(path, faulty);

    private static bool IsAtOrUnder(string inner, string outer) =>
        inner.StartsWith(outer, StringComparison.Ordinal)
        && (inner.Length == outer.Length || inner[outer.Length] is '.' or '[');

    private static string? DemandedPath(DataSpec data) =>
        data.Source != DataSource.Synthetic && data.Path is null
            ? $"source {SnakeCase.Of(data.Source)} needs the folder of the images"
            : null;

    private static string? ExcludedPath(DataSpec data) =>
        data.Source == DataSource.Synthetic && data.Path is not null
            ? "source synthetic generates its images; remove this key"
            : null;

    private static string? DemandedSynthetic(DataSpec data) =>
        data.Source == DataSource.Synthetic && data.Synthetic is null
            ? "source synthetic needs this mapping; use {} for the defaults"
            : null;

    private static string? ExcludedSynthetic(DataSpec data) =>
        data.Source != DataSource.Synthetic && data.Synthetic is not null
            ? $"source {SnakeCase.Of(data.Source)} does not use this key; only source synthetic does"
            : null;

    private static string? TooManyPixels(SyntheticSpec? tissue) =>
        tissue is not null && (long)tissue.Width * tissue.Height > SyntheticSpec.MostPixels
            ? $"images of {tissue.Width} x {tissue.Height} have more than {Digits.Grouped(SyntheticSpec.MostPixels)} pixels"
            : null;

    private static string? ExcludedLabel(DataSpec data) =>
        data.Source == DataSource.Folders && data.Label == LabelKind.Malignancy
            ? "source folders has no malignancy labels; use label: subtype (the folder names)"
            : null;

    private static string? ExcludedExclusions(DataSpec data) =>
        data.Source == DataSource.Synthetic && data.Exclude is not null
            ? "source synthetic draws its images; remove this key"
            : null;

    private static string? ExcludedPatient(DataSpec data) =>
        data.Patient is not null && data.Source != DataSource.Folders
            ? $"source {SnakeCase.Of(data.Source)} has its own patients; only source folders uses this key"
            : null;

    private static string? NotAPattern(PatientRule? rule) =>
        rule?.Pattern is string pattern && PatternFault(pattern) is string fault
            ? $"'{pattern}' is not a regular expression: {fault}"
            : null;

    private static string? PatternFault(string pattern)
    {
        try
        {
            _ = new Regex(pattern, PatientRule.PatternOptions);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return OneLine.Of(e.Message);
        }
    }

    private static string? ExcludedMagnifications(DataSpec data) =>
        data.Source == DataSource.Folders && data.Magnifications.Count > 0
            ? "source folders has no magnifications; it uses all images in the folders"
            : null;

    private static string? ExcludedUnit(DataSpec data) =>
        data.Split.By == SplitUnit.Folders && data.Source != DataSource.Folders
            ? $"by: folders needs source: folders; with source: {SnakeCase.Of(data.Source)}, split by patient, root, image or file"
        : data.Split.By == SplitUnit.Root && data.Patient is not null
            ? "by: root needs the slide numbers of BreaKHis; split by: patient"
        : null;

    private static string? FoldersSplit(SplitSpec split) =>
        split.By == SplitUnit.Folders && (split.Folds ?? split.Fold) is not null
            ? "by: folders uses the folders for the sides; remove folds and fold"
        : split is { By: SplitUnit.File } && split.Folds is not null
            ? "by: file uses the sides in the file; remove folds"
        : null;

    private static string? DemandedFile(SplitSpec split) =>
        split is { By: SplitUnit.File, File: null } ? "by: file needs the split file" : null;

    private static string? ExcludedFile(SplitSpec split) =>
        split.By != SplitUnit.File && split.File is not null
            ? $"by: {SnakeCase.Of(split.By)} does not use a file; only by: file does"
            : null;

    private static string? ShareOrFolds(SplitSpec split) =>
        split switch
        {
            { By: SplitUnit.Folders or SplitUnit.File } => null,
            { Validation: not null, Folds: null, Fold: null } => null,
            { Validation: null, Folds: not null, Fold: not null } => null,
            { Validation: not null } => "set either validation, or folds and fold, not both",
            { Folds: not null } => "folds needs fold, the fold used for validation",
            { Fold: not null } => "fold needs folds, the number of folds",
            _ => $"by: {SnakeCase.Of(split.By)} needs validation (a fraction), or folds and fold",
        };

    private static string? FoldAmongFolds(SplitSpec split) =>
        split.Fold > split.Folds || (split.Fold < 1 && split.Folds is not null)
            ? $"fold {split.Fold} does not exist; folds are numbered 1 to {split.Folds}"
            : null;

    // Without the last part, a slip such as 'imagnet' would be read as the name of other weights.
    private static string? WeightsPathOrName(WeightsFrom weights)
    {
        if (weights.Given is not string given || weights.Path is not null)
        {
            return null;
        }

        string[] words = [WeightsFrom.ImageNetWord, WeightsFrom.DrawnWord];
        string question = NearestName.Question(given, words);
        return words.Contains(given, StringComparer.Ordinal) || (WeightsFrom.IsName(given) && question.Length == 0)
            ? null
            : $"'{given}' is not imagenet, none, a name of weights or a path (for a file next to the spec, write ./{given})"
                + question;
    }

    private static string? ExcludedPreprocessing(ModelSpec model) =>
        model.Preprocessing is not null && model.Weights == WeightsFrom.ImageNet
            ? "published weights have their own preprocessing; only weights from a file, or none, use this key"
            : null;

    private static string? DemandedStage(StagesSpec stages) =>
        stages is { Bottleneck: null, FineTune: null }
            ? $"a run needs a stage: {StageNames.Bottleneck}, {StageNames.FineTune} or both"
            : null;

    private static string? DemandedBottleneck(StagesSpec stages) =>
        stages is { Bottleneck: null, FineTune.StartFrom: StartFrom.Bottleneck }
            ? $"{StageNames.FineTune} starts from the head of this stage; add the stage, or set {StartFromPath}: {SnakeCase.Of(StartFrom.Random)} or {SnakeCase.Of(StartFrom.Weights)}"
            : null;

    private static string? HeadlessWeights(ExperimentSpec spec) =>
        spec.Stages.FineTune is { StartFrom: StartFrom.Weights }
        && (spec.Model.Weights == WeightsFrom.ImageNet || spec.Model.Weights == WeightsFrom.Drawn)
            ? $"weights: {spec.Model.Weights.Given} has no head to start from; use the weights of a run (weights: {{ run: ... }}), or set {SnakeCase.Of(StartFrom.Bottleneck)} or {SnakeCase.Of(StartFrom.Random)}"
            : null;

    private static string? ExcludedDense(FineTuneSpec? stage) =>
        stage?.Head.Dense is null
            ? null
            : stage.StartFrom switch
            {
                StartFrom.Bottleneck =>
                    $"has no effect with start_from: {SnakeCase.Of(StartFrom.Bottleneck)}, because the head then has the layers of the {StageNames.Bottleneck} stage",
                StartFrom.Weights =>
                    $"has no effect with start_from: {SnakeCase.Of(StartFrom.Weights)}, because the head then has the layers that come with the weights",
                StartFrom.Random => null,
                _ => throw new UnreachableException($"unknown: {stage.StartFrom}"),
            };

    private static string? TooSmall(ModelSpec model, int? size) =>
        BackboneFacts.Find(model.Backbone) is { } backbone && size < backbone.MinimumInputSize
            ? $"{size} is below {backbone.MinimumInputSize}, the smallest input size of {backbone.Name}"
            : null;

    private static string? UnknownBlock(ModelSpec model, FineTuneSpec? stage) =>
        BackboneFacts.Find(model.Backbone) is { } backbone
        && stage?.TrainFrom.Block is { } block
        && !backbone.Blocks.Contains(block, StringComparer.Ordinal)
            ? $"'{block}' is not a block of {backbone.Name} ({backbone.Blocks[0]} ... {backbone.Blocks[^1]})"
                + NearestName.Question(block, backbone.Blocks)
            : null;

    private static string? UnknownKerasLayer(ModelSpec model, FineTuneSpec? stage) =>
        BackboneFacts.Find(model.Backbone) is not { } backbone || stage?.TrainFrom.KerasLayer is not { } layer ? null
        : backbone.KerasLayers == 0
            ? $"{backbone.Name} has no Keras layers; name a block ({string.Join(", ", backbone.Blocks)})"
        : layer >= backbone.KerasLayers
            ? $"{layer} is not a layer of {backbone.Name}; layers are 0 to {backbone.KerasLayers - 1}"
        : null;
}
