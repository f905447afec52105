using BreakHis.Specs.Problems;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace BreakHis.Specs.Reading;

/// <summary>Parses one YAML document into nodes with places. Invalid text gives problems, never exceptions.</summary>
internal sealed class YamlTree
{
    private const int DeepestLevel = 64;
    private const int MostNodes = 10_000;

    private readonly Parser _parser;
    private readonly SpecSource _source;
    private readonly List<Problem> _problems;
    private readonly Dictionary<AnchorName, SpecNode> _anchors = [];
    private int _nodes;

    private YamlTree(SpecSource source, string text, List<Problem> problems)
    {
        _parser = new Parser(new StringReader(text));
        _source = source;
        _problems = problems;
    }

    /// <summary>Returns the document's root, or null if there are problems.</summary>
    public static SpecNode? Read(SpecSource source, string text, List<Problem> problems)
    {
        try
        {
            return new YamlTree(source, text, problems).Document();
        }
        catch (YamlException e)
        {
            var place = new Place(source, (int)Math.Max(1, e.Start.Line), (int)Math.Max(1, e.Start.Column));
            problems.Add(place.Problem(ProblemCodes.NotYaml, $"not valid YAML: {InOneClause(e.Message)}"));
        }

        return null;
    }

    /// <summary>The parser's sentence, without capital and full stop.</summary>
    private static string InOneClause(string sentence) =>
        sentence.Length == 0 ? "" : char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');

    private SpecNode? Document()
    {
        Next();
        if (Next() is not DocumentStart)
        {
            _problems.Add(new Place(_source, 1, 1).Problem(ProblemCodes.NotYaml, "the file is empty"));
            return null;
        }

        Next();
        SpecNode? root = Node(1);
        if (root is null)
        {
            return null;
        }

        Next();
        if (Next() is DocumentStart second)
        {
            return Refuse(second, "several documents in one file; write one spec per file");
        }

        return root;
    }

    private ParsingEvent? Next()
    {
        try
        {
            return _parser.MoveNext() ? _parser.Current : null;
        }
        catch (Exception e) when (e is not YamlException)
        {
            // YamlDotNet's scanner also throws other exceptions, for example if an unclosed flow sequence runs into the
            // next key.
            Mark mark = _parser.Current?.End ?? Mark.Empty;
            throw new YamlException(mark, mark, "not valid YAML from here; is a bracket or quote left open?", e);
        }
    }

    /// <summary>Returns the node that starts at the current event, and advances to its last event.</summary>
    private SpecNode? Node(int level)
    {
        ParsingEvent start = _parser.Current!;
        if (level > DeepestLevel)
        {
            return Refuse(start, $"more than {DeepestLevel} levels of nesting");
        }

        if (++_nodes > MostNodes)
        {
            return Refuse(start, $"more than {MostNodes} values");
        }

        if (start is AnchorAlias alias)
        {
            return Aliased(alias, level);
        }

        if (start is not NodeEvent head)
        {
            // YamlDotNet's parser lets some mappings end before an expected key or value.
            _problems.Add(At(start).Problem(ProblemCodes.NotYaml, "a key or value is missing here"));
            return null;
        }

        if (!head.Tag.IsEmpty)
        {
            return Refuse(start, $"the tag '{head.Tag}' is not allowed; remove it");
        }

        SpecNode? node = start switch
        {
            MappingStart => Mapping(level),
            SequenceStart => Sequence(level),
            _ => new ScalarNode(At(start), ((Scalar)start).Value, ((Scalar)start).Style == ScalarStyle.Plain),
        };
        if (node is not null && !head.Anchor.IsEmpty)
        {
            _anchors[head.Anchor] = node;
        }

        return node;
    }

    private SpecNode? Aliased(AnchorAlias alias, int level)
    {
        if (!_anchors.TryGetValue(alias.Value, out SpecNode? node))
        {
            return Refuse(alias, $"the alias '*{alias.Value}' has no anchor before it");
        }

        (int size, int height) = Extent(node);
        _nodes += size;
        return _nodes > MostNodes ? Refuse(alias, $"more than {MostNodes} values, once aliases are expanded")
            : level + height - 1 > DeepestLevel
                ? Refuse(alias, $"more than {DeepestLevel} levels of nesting, once aliases are expanded")
            : node;
    }

    private static (int Size, int Height) Extent(SpecNode node)
    {
        IEnumerable<SpecNode> inner = node switch
        {
            MappingNode mapping => mapping.Entries.Select(e => e.Value),
            SequenceNode sequence => sequence.Items,
            _ => [],
        };
        return inner
            .Select(Extent)
            .Aggregate((1, 1), (sum, e) => (sum.Item1 + e.Size, Math.Max(sum.Item2, e.Height + 1)));
    }

    private SequenceNode? Sequence(int level)
    {
        Place place = At(_parser.Current!);
        List<SpecNode> items = [];
        while (Next() is not SequenceEnd)
        {
            if (Node(level + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return new SequenceNode(place, items);
    }

    private MappingNode? Mapping(int level)
    {
        Place place = At(_parser.Current!);
        List<MappingEntry> entries = [];
        var keys = new Dictionary<string, Place>(StringComparer.Ordinal);
        while (Next() is { } start and not MappingEnd)
        {
            if (Node(level + 1) is not { } key)
            {
                return null;
            }

            Next();
            if (Node(level + 1) is not { } value)
            {
                return null;
            }

            if (key is not ScalarNode { Text: var text })
            {
                Refuse(start, "a key must be plain text");
            }
            else if (!keys.TryAdd(text, At(start)))
            {
                string message = $"duplicate key '{text}', first given in line {keys[text].Line}";
                _problems.Add(At(start).Problem(ProblemCodes.DuplicateKey, message));
            }
            else
            {
                entries.Add(new MappingEntry(text, At(start), value));
            }
        }

        return new MappingNode(place, entries);
    }

    private Place At(ParsingEvent parsed) => new(_source, (int)parsed.Start.Line, (int)parsed.Start.Column);

    private SpecNode? Refuse(ParsingEvent parsed, string what)
    {
        _problems.Add(At(parsed).Problem(ProblemCodes.YamlNotTaken, what));
        return null;
    }
}
