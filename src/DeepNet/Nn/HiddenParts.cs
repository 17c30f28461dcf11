using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace DeepNet.Nn;

/// <summary>
/// Looks for modules, parameters and buffers inside objects that <see cref="ModuleFields"/> does not unpack, by following references a few
/// steps.
/// It only reads fields: no property is called, nothing is enumerated, and delegates are not looked into.
/// </summary>
internal static class HiddenParts
{
    private const int MostSteps = 3, MostObjects = 1000;
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConditionalWeakTable<Type, FieldInfo[]> fields = [];

    /// <summary>
    /// False for types whose values have no parts in them: numbers, strings, tensors, delegates, and collections of these.
    /// </summary>
    public static bool MayHold(Type type)
        => MayRefer(type) && (type.IsArray || IsPart(type) || !(type.IsSealed || type.IsValueType) || Fields(type).Length > 0);

    /// <summary>The parts near an object, each with its type; no object for one that a <see cref="Lazy{T}"/> has still to make.</summary>
    public static IEnumerable<(object? Part, Type Kind)> Of(object value)
    {
        var open = new Queue<(object Value, int Steps)>([(value, 0)]);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        while (seen.Count < MostObjects && open.TryDequeue(out var next))
        {
            var type = next.Value.GetType();
            if (!seen.Add(next.Value) || !MayHold(type)) continue;
            if (IsPart(type))
            {
                yield return (next.Value, type);
            }
            else if (next.Value is Array array)
            {
                foreach (object? item in array)
                {
                    if (open.Count >= MostObjects) break;
                    if (item is not null) open.Enqueue((item, next.Steps));
                }
            }
            else
            {
                bool isLazy = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Lazy<>);
                if (isLazy && IsPart(type.GetGenericArguments()[0])) yield return (null, type.GetGenericArguments()[0]);
                // Arrays and structs are a part of what they are in: only other objects are a step away.
                foreach (var field in Fields(type))
                    if (field.GetValue(next.Value) is { } held && (held is Array or ValueType || next.Steps < MostSteps))
                        open.Enqueue((held, next.Steps + (held is Array or ValueType ? 0 : 1)));
            }
        }
    }

    private static bool IsPart(Type type)
        => typeof(Module).IsAssignableFrom(type) || type == typeof(Parameter) || type == typeof(StateBuffer);

    private static bool MayRefer(Type type)
    {
        if (type.IsArray) return MayRefer(type.GetElementType()!);
        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsFunctionPointer || type == typeof(string)) return false;
        if (typeof(Delegate).IsAssignableFrom(type) || typeof(MemberInfo).IsAssignableFrom(type)) return false;
        if (typeof(Device).IsAssignableFrom(type) || type == typeof(Tensor) || type == typeof(Shape)) return false;
        if (type == typeof(Generator)) return false;
        bool isCollection = type.IsGenericType && type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true;
        return !isCollection || type.GetGenericArguments().Any(MayRefer);
    }

    // A field that was trimmed away is used by nobody, so that nothing is lost in it.
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Fields that were trimmed away hold nothing.")]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Fields that were trimmed away hold nothing.")]
    private static FieldInfo[] Fields(Type type)
    {
        if (fields.TryGetValue(type, out var known)) return known;
        var found = new List<FieldInfo>();
        for (Type? level = type; level is not null; level = level.BaseType)
            found.AddRange(level.GetFields(Own));
        FieldInfo[] made = [.. found.Where(field => MayRefer(field.FieldType))];
        fields.TryAdd(type, made);
        return made;
    }
}
