using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace DeepNet.Nn;

/// <summary>
/// The parameters, buffers and modules in the fields of a module, directly or in arrays, lists, dictionaries and tuples, in the order of
/// declaration, base classes first. The annotation on <see cref="Module"/> tells the trimmer to leave the fields alone.
/// </summary>
internal static class ModuleFields
{
    private const int DeepestCollection = 64;

    private static readonly ConditionalWeakTable<Type, Slot[]> slots = [];

    /// <summary>Each part with its name: that of the field, and after a dot the index, key or item within a collection.</summary>
    /// <param name="module">The module.</param>
    /// <param name="hidden">Receives the parts that fields hold in other forms; null to leave these out.</param>
    public static List<(string Name, object Part)> Parts(Module module, List<HiddenPart>? hidden = null)
    {
        var parts = new List<(string, object)>();
        foreach (var (field, name, isChild) in Slots(module.GetType()))
            if (isChild) Unpack(NameIn(module, field, name), field.GetValue(module), parts, new Source(module, field, hidden), 0);
        return parts;
    }

    /// <summary>Replaces the values of the fields in which there are parts.</summary>
    public static void ForEach(Module module, Func<object?, object?> change)
    {
        foreach (var (field, _, isChild) in Slots(module.GetType()))
        {
            object? held = isChild ? field.GetValue(module) : null;
            if (HoldsParts(held)) field.SetValue(module, change(held));
        }
    }

    /// <summary>Puts a part into the fields of a module, and the collections in them, that hold another one.</summary>
    /// <param name="module">The module.</param>
    /// <param name="part">The part that is there.</param>
    /// <param name="replacement">The one to put into its place.</param>
    /// <param name="undo">Receives what undoes each change.</param>
    public static void Exchange(Module module, object part, object replacement, Stack<Action> undo)
    {
        foreach (var (field, _, isChild) in Slots(module.GetType()))
            if (isChild && field.GetValue(module) is { } held)
                Exchange(held, value => field.SetValue(module, value), 0);

        void Exchange(object held, Action<object> set, int depth)
        {
            if (held is Parameter or StateBuffer or Module)
            {
                if (!ReferenceEquals(PartOf(held), part)) return;
                try
                {
                    set(replacement);
                }
                catch (Exception e) when (e is ArgumentException or InvalidCastException or NotSupportedException)
                {
                    throw new ArgumentException(
                        $"[replace] {module.GetType().Name} holds the {held.GetType().Name} in a place that takes no "
                        + $"{replacement.GetType().Name}. Declare the field, or the items of the collection, as Module or Layer.", e);
                }
                undo.Push(() => set(held));
                return;
            }
            if (depth > DeepestCollection || !HiddenParts.MayHold(held.GetType())) return;
            if (held is IDictionary dictionary)
                foreach (object key in dictionary.Keys.Cast<object>().ToList())
                {
                    if (dictionary[key] is { } value) Exchange(value, other => dictionary[key] = other, depth + 1);
                }
            else if (held is IList items and not Array { Rank: > 1 })
                for (int i = 0; i < items.Count; i++)
                {
                    int at = i;
                    if (items[at] is { } value) Exchange(value, other => items[at] = other, depth + 1);
                }
        }
    }

    /// <summary>Replaces the references of fields that are marked as no children.</summary>
    public static void ForEachReference(Module module, Func<object, object> change)
    {
        foreach (var (field, _, isChild) in Slots(module.GetType()))
            if (!isChild && field.GetValue(module) is { } held and (Parameter or StateBuffer or Module))
                field.SetValue(module, change(held));
    }

    /// <summary>Replaces the elements of an array in which there are parts.</summary>
    public static void ForEach(Array array, Func<object?, object?> change)
    {
        var at = new int[array.Rank];
        for (int i = 0; i < array.Length; i++)
        {
            for (int axis = at.Length - 1, rest = i; axis >= 0; rest /= array.GetLength(axis--))
                at[axis] = array.GetLowerBound(axis) + rest % array.GetLength(axis);
            if (HoldsParts(array.GetValue(at))) array.SetValue(change(array.GetValue(at)), at);
        }
    }

    /// <summary>The part that stands for another one: what computes a parameter stands for it.</summary>
    public static object PartOf(object part) => part is Parameter { Parametrization: { } parametrization } ? parametrization : part;

    // The original of a parametrization that keeps the name of the parameter stands at the path of that.
    private static string NameIn(Module module, FieldInfo field, string name)
        => field.DeclaringType == typeof(Parametrization) && ((Parametrization)module).KeepsName ? "" : name;

    // A collection is copied only if there is a part in it: others may be of kinds that cannot be made anew.
    private static bool HoldsParts(object? held)
    {
        var parts = new List<(string, object)>();
        Unpack("", held, parts, default, 0);
        return parts.Count > 0;
    }

    private static Slot[] Slots([DynamicallyAccessedMembers(Module.Accessed)] Type type)
    {
        if (slots.TryGetValue(type, out var known)) return known;
        var fields = new List<FieldInfo>();
        for (Type? level = type; level is not null && level != typeof(Module); level = level.BaseType)
            fields.InsertRange(0, level.GetFields(
                BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        Slot[] made = [.. fields.Where(field => HiddenParts.MayHold(field.FieldType))
            .Select(field => new Slot(field, NameOf(field), !field.IsDefined(typeof(NotChildAttribute))))];
        slots.TryAdd(type, made);
        return made;
    }

    // The field behind an automatic property is called <Name>k__BackingField, that of a captured constructor parameter <name>P.
    private static string NameOf(FieldInfo field)
        => field.GetCustomAttribute<StateNameAttribute>()?.Name is { } given ? given
            : field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static void Unpack(string name, object? value, List<(string, object)> parts, Source source, int depth)
    {
        if (value is Parameter or StateBuffer or Module) parts.Add((name, PartOf(value)));
        if (value is null or Parameter or StateBuffer or Module || !HiddenParts.MayHold(value.GetType())) return;
        if (depth > DeepestCollection)
            throw new NotSupportedException($"[module] '{name}' of a field's collections is more than {DeepestCollection} collections "
                + "deep. Does a collection contain itself?");
        switch (value)
        {
            case IDictionary dictionary:
                foreach (DictionaryEntry entry in dictionary)
                {
                    Unpack(Module.Join(name, $"{entry.Key}"), entry.Value, parts, source, depth + 1);
                    source.LookInto(entry.Key, dictionary);
                }
                break;
            case IList items:
                int index = 0;
                foreach (object? item in items) Unpack(Module.Join(name, $"{index++}"), item, parts, source, depth + 1);
                break;
            case ITuple tuple and ValueType:
                for (int i = 0; i < tuple.Length; i++) Unpack(Module.Join(name, $"Item{i + 1}"), tuple[i], parts, source, depth + 1);
                break;
            default:
                source.LookInto(value, value);
                break;
        }
    }

    /// <param name="Field">A field that can hold parts.</param>
    /// <param name="Name">Its name in paths.</param>
    /// <param name="IsChild">False if it is marked as none.</param>
    private readonly record struct Slot(FieldInfo Field, string Name, bool IsChild);

    /// <summary>The field that is unpacked, and the list for what is found in forms that are not understood.</summary>
    private readonly record struct Source(Module Module, FieldInfo Field, List<HiddenPart>? Hidden)
    {
        public void LookInto(object value, object holder)
        {
            if (Hidden is null || !HiddenParts.MayHold(value.GetType())) return;
            foreach (var (part, kind) in HiddenParts.Of(value)) Hidden.Add(new(Module, Field, holder.GetType(), kind, part));
        }
    }
}
