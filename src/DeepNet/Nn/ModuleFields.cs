using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace DeepNet.Nn;

/// <summary>
/// What a module's fields hold: parameters, buffers and modules, directly or in arrays, lists and dictionaries, in the order of
/// declaration, base classes first. The annotation on <see cref="Module"/> tells the trimmer to leave the fields alone.
/// </summary>
internal static class ModuleFields
{
    /// <summary>Each part with its name: that of the field, and after a dot the index or key within a collection.</summary>
    public static IEnumerable<(string Name, object Part)> Parts(Module module)
    {
        foreach (var field in Fields(module.GetType()))
            foreach (var part in Unpack(NameOf(field), field.GetValue(module)))
                yield return part;
    }

    /// <summary>Replaces what the fields of a module hold, where parts of it can be in there.</summary>
    public static void ForEach(Module module, Func<object?, object?> change)
    {
        foreach (var field in Fields(module.GetType()))
        {
            object? held = field.GetValue(module);
            if (MayHoldParts(held)) field.SetValue(module, change(held));
        }
    }

    /// <summary>The same for the elements of an array.</summary>
    public static void ForEach(Array array, Func<object?, object?> change)
    {
        if (array.Rank != 1) return;
        for (int i = 0; i < array.Length; i++)
            if (MayHoldParts(array.GetValue(i))) array.SetValue(change(array.GetValue(i)), i);
    }

    // A collection is copied only if there is a part in it: others may be of kinds that cannot be made anew.
    private static bool MayHoldParts(object? held) => held is Parameter or Buffer or Module
        || (held is Array or IList or IDictionary && Unpack("", held).Any());

    private static List<FieldInfo> Fields([DynamicallyAccessedMembers(Module.Accessed)] Type type)
    {
        var fields = new List<FieldInfo>();
        for (Type? level = type; level is not null && level != typeof(Module); level = level.BaseType)
            fields.InsertRange(0, level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        return fields;
    }

    // The field behind an automatic property is called <Name>k__BackingField, that of a captured constructor parameter <name>P.
    private static string NameOf(FieldInfo field)
        => field.GetCustomAttribute<StateNameAttribute>()?.Name is { } given ? given
            : field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static IEnumerable<(string, object)> Unpack(string name, object? value)
    {
        switch (value)
        {
            case Parameter or Buffer or Module:
                yield return (name, value);
                break;
            case Tensor or string or null:
                break;
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                    foreach (var part in Unpack(Module.Join(name, $"{entry.Key}"), entry.Value))
                        yield return part;
                break;
            case IEnumerable items when items is Array or IList:
                int index = 0;
                foreach (object? item in items)
                {
                    foreach (var part in Unpack(Module.Join(name, $"{index}"), item)) yield return part;
                    index++;
                }
                break;
        }
    }
}
