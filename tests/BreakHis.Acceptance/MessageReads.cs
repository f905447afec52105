using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BreakHis.Acceptance;

/// <summary>A place that reads what an exception says.</summary>
/// <param name="Member">The member with the place, with its type.</param>
/// <param name="Code">The expression that reads it, with its file.</param>
internal sealed record MessageRead(string Member, string Code);

/// <summary>
/// The places that do anything else with the text of an exception than pass it on: as an argument, as part of a text, or
/// as a result. Methods that search or split texts do not pass an argument on. The text is the message, the exception as
/// text, any text that contains one of them or is made from one by a method, and local variables with such a text. What
/// another member does with a text that it was given is not seen.
/// </summary>
internal static class MessageReads
{
    /// <summary>Such places in an assembly in src.</summary>
    public static IReadOnlyList<MessageRead> Of(string assembly) => In(SourceCode.Of(assembly));

    /// <summary>Such places in some source code.</summary>
    public static IReadOnlyList<MessageRead> In(string file, string code) =>
        In(SourceCode.Of([(file, code)], "Tool", []));

    private static IReadOnlyList<MessageRead> In(CSharpCompilation compilation) =>
        [
            .. from tree in compilation.SyntaxTrees
            let model = compilation.GetSemanticModel(tree)
            from read in In(tree.GetRoot(), model)
            let member = SourceUses.UserOf(read)
            select new MessageRead(
                member is null ? "" : SourceUses.NameOf(model.GetDeclaredSymbol(member)!),
                $"{tree.FilePath}: {read}"
            ),
        ];

    private static IEnumerable<SyntaxNode> In(SyntaxNode root, SemanticModel model)
    {
        HashSet<SyntaxNode> reads = [];
        HashSet<ISymbol> variables = new(SymbolEqualityComparer.Default);
        Queue<ExpressionSyntax> texts = new(
            root.DescendantNodes()
                .OfType<ExpressionSyntax>()
                .Select(node => Said(node, model))
                .OfType<ExpressionSyntax>()
        );
        while (texts.TryDequeue(out ExpressionSyntax? text))
        {
            (ExpressionSyntax whole, bool isPassedOn) = Follow(text, model);
            if (!isPassedOn)
            {
                reads.Add(whole.Parent!);
            }
            else if (VariableOf(whole, model) is { } variable && variables.Add(variable))
            {
                IEnumerable<IdentifierNameSyntax> uses = root.DescendantNodes()
                    .OfType<IdentifierNameSyntax>()
                    .Where(name => name.Identifier.Text == variable.Name && !IsAssigned(name))
                    .Where(name => SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, variable));
                foreach (IdentifierNameSyntax use in uses)
                {
                    texts.Enqueue(use);
                }
            }
        }

        return reads;
    }

    /// <summary>The expression that is what an exception says, of which a node is the end, or null.</summary>
    private static ExpressionSyntax? Said(ExpressionSyntax node, SemanticModel model) =>
        node switch
        {
            IdentifierNameSyntax { Identifier.Text: nameof(Exception.Message) } name
                when IsOfException(model.GetSymbolInfo(name).Symbol, "Message") => Access(name),
            InvocationExpressionSyntax call when IsOfException(model.GetSymbolInfo(call).Symbol, "ToString") => call,
            _ when node.Parent
                    is InterpolationSyntax
                        or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression }
                    && IsException(model.GetTypeInfo(node).Type) => node,
            _ => null,
        };

    /// <summary>Also the member of an exception that overrides it.</summary>
    private static bool IsOfException(ISymbol? symbol, string name) =>
        symbol is IPropertySymbol or IMethodSymbol { Parameters.Length: 0 }
        && symbol.Name == name
        && IsException(symbol.ContainingType);

    private static bool IsException(ITypeSymbol? type)
    {
        while (type is not null && type.ToDisplayString() != "System.Exception")
        {
            type = type.BaseType;
        }

        return type is not null;
    }

    /// <summary>The expression that ends with a name: e.Message, of which ?.Message is a part, or Message alone.</summary>
    private static ExpressionSyntax Access(IdentifierNameSyntax name) =>
        name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name => access,
            MemberBindingExpressionSyntax binding => binding,
            _ => name,
        };

    /// <summary>Returns the largest text that is made from a text, and whether it is passed on.</summary>
    private static (ExpressionSyntax Whole, bool IsPassedOn) Follow(ExpressionSyntax text, SemanticModel model)
    {
        while (Around(text, model) is { } larger)
        {
            text = larger;
        }

        return (
            text,
            text.Parent switch
            {
                // What a tuple puts into a variable is not followed further.
                ArgumentSyntax
                {
                    Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax or EqualsValueClauseSyntax }
                } => false,
                ArgumentSyntax argument => !IsSearched(argument, model),
                AssignmentExpressionSyntax assignment => assignment.Right == text,
                ArrowExpressionClauseSyntax
                or ReturnStatementSyntax
                or YieldStatementSyntax
                or EqualsValueClauseSyntax
                or LambdaExpressionSyntax
                or InitializerExpressionSyntax
                or ExpressionElementSyntax
                or ExpressionStatementSyntax => true,
                _ => false,
            }
        );
    }

    /// <summary>The text around a text that is made from it, or null if the text is no part of another.</summary>
    private static ExpressionSyntax? Around(ExpressionSyntax text, SemanticModel model) =>
        text.Parent switch
        {
            ParenthesizedExpressionSyntax or CastExpressionSyntax => (ExpressionSyntax)text.Parent,
            PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => sure,
            ConditionalExpressionSyntax choice when choice.Condition != text => choice,
            ConditionalAccessExpressionSyntax access when access.WhenNotNull == text => access,
            SwitchExpressionArmSyntax { Parent: ExpressionSyntax choice } arm when arm.Expression == text => choice,
            BinaryExpressionSyntax
            {
                RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.CoalesceExpression
            } sum => sum,
            InterpolationSyntax { Parent: ExpressionSyntax whole } => whole,
            ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call } argument
                when !IsSearched(argument, model)
                    && model.GetTypeInfo(call).Type?.SpecialType == SpecialType.System_String => call,
            _ => null,
        };

    /// <summary>
    /// Whether a method answers a question about its argument, or searches it: it returns a truth value, a number, or
    /// another value than a text.
    /// </summary>
    private static bool IsSearched(ArgumentSyntax argument, SemanticModel model) =>
        argument.Parent?.Parent is ExpressionSyntax call
        && SourceUses.Bound(model.GetSymbolInfo(call))
            is IMethodSymbol { MethodKind: not MethodKind.Constructor } method
        && (
            method.ReturnType.SpecialType == SpecialType.System_Boolean
            || method.ReturnType is { IsValueType: true, SpecialType: not SpecialType.System_Void }
            || method.ContainingType.ToDisplayString()
                is "string"
                    or "System.MemoryExtensions"
                    or "System.Text.RegularExpressions.Regex"
                && method.Name is not (nameof(string.Join) or nameof(string.Concat) or nameof(string.Format))
        );

    /// <summary>The local variable that gets the value of an expression, or a list with it; or null.</summary>
    private static ISymbol? VariableOf(ExpressionSyntax value, SemanticModel model) =>
        value.Parent switch
        {
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable } => model.GetDeclaredSymbol(variable),
            AssignmentExpressionSyntax assignment => model.GetSymbolInfo(assignment.Left).Symbol,
            ExpressionElementSyntax { Parent: CollectionExpressionSyntax list } => VariableOf(list, model),
            _ => null,
        }
            is ILocalSymbol local
            ? local
            : null;

    private static bool IsAssigned(IdentifierNameSyntax name) =>
        name.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment
        && assignment.Left == name;
}
