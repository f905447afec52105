namespace BreakHis.Collections;

/// <summary>Dictionaries as memory: what was made for a key is made once.</summary>
public static class DictionaryExtensions
{
    /// <summary>The value of a key; one that is missing is made and kept. For one thread.</summary>
    public static TValue GetOrAdd<TKey, TValue>(this Dictionary<TKey, TValue> values, TKey key, Func<TValue> make)
        where TKey : notnull
    {
        if (!values.TryGetValue(key, out TValue? value))
        {
            values[key] = value = make();
        }

        return value;
    }
}
