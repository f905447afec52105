namespace BreakHis.Training.Weights.Formats;

/// <summary>The stack of a pickle machine, and what opcodes do with the collection on top of it.</summary>
/// <remarks>Every method throws <see cref="InvalidOperationException"/> if the stack has too few values.</remarks>
internal sealed class PickleStack
{
    /// <summary>What marks the beginning of several values.</summary>
    public static readonly object Mark = new();

    private readonly Stack<object?> _values = new();

    /// <summary>Puts a value on top.</summary>
    public void Push(object? value) => _values.Push(value);

    /// <summary>Returns the value on top.</summary>
    public object? Peek() => _values.Peek();

    /// <summary>Takes the value on top.</summary>
    public object? Pop() => _values.Pop();

    /// <summary>Takes the value on top.</summary>
    /// <exception cref="FormatException">It is of another type.</exception>
    public T Pop<T>() => Expect<T>(Pop());

    /// <summary>Takes several values, in the order in which they were pushed.</summary>
    public object?[] Pop(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = Pop();
        }

        return items;
    }

    /// <summary>Takes the values down to the mark, and the mark itself.</summary>
    public object?[] PopToMark()
    {
        List<object?> items = [];
        for (object? item = Pop(); item != Mark; item = Pop())
        {
            items.Add(item);
        }

        items.Reverse();
        return [.. items];
    }

    /// <summary>Adds items to the list on top. An object of which only the name is kept ignores them.</summary>
    /// <exception cref="FormatException">The value on top is not a list.</exception>
    public void Append(object?[] items)
    {
        if (Peek() is not PickledObject)
        {
            Expect<List<object?>>(Peek()).AddRange(items);
        }
    }

    /// <summary>Adds items to the dictionary on top. An object of which only the name is kept ignores them.</summary>
    /// <param name="items">Keys and values in turn.</param>
    /// <exception cref="FormatException">The value on top is not a dictionary.</exception>
    public void SetItems(object?[] items)
    {
        if (Peek() is PickledObject)
        {
            return;
        }

        PickledDictionary dictionary = Expect<PickledDictionary>(Peek());
        for (int i = 0; i + 1 < items.Length; i += 2)
        {
            dictionary.Items.Add((items[i], items[i + 1]));
        }
    }

    /// <summary>
    /// Ignores attributes that are not needed: a state dictionary's _metadata, an old parameter's flag for gradients,
    /// and all of an object of another type.
    /// </summary>
    /// <exception cref="FormatException">They are other attributes.</exception>
    public void SetAttributes(object? attributes)
    {
        bool isParameter = Peek() is PickledTensor && attributes is object?[] { Length: 3 };
        if (!isParameter && Peek() is not PickledObject)
        {
            Expect<PickledDictionary>(Peek());
            Expect<PickledDictionary>(attributes);
        }
    }

    /// <summary>Returns a value as what it must be.</summary>
    /// <exception cref="FormatException">It is of another type.</exception>
    public static T Expect<T>(object? value) =>
        value is T expected ? expected : throw new FormatException("it has an object where torch.save writes another");
}
