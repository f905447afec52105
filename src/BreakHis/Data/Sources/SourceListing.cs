namespace BreakHis.Data.Sources;

/// <summary>The images of a source, and what looks like images but is not used.</summary>
internal sealed record SourceListing(IReadOnlyList<CatalogueImage> Images, IReadOnlyList<LeftOut> LeftOut);
