namespace BreakHis.Data;

/// <summary>The side of a split that an image is on.</summary>
public enum Side
{
    /// <summary>Training images.</summary>
    Train,

    /// <summary>Validation images: never used for training, but for choosing the best epoch.</summary>
    Validation,

    /// <summary>Test images: used neither for training nor for any choice; the kept weights classify them once.</summary>
    Test,
}
