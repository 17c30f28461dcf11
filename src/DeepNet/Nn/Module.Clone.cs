using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace DeepNet.Nn;

public abstract partial class Module
{
    /// <summary>
    /// A copy with parameters, buffers and modules of its own; what is shared inside the module is shared inside the copy. Gradients,
    /// hooks and paths are not copied, and fields that hold none of those, or are marked <see cref="NotChildAttribute"/>, keep referring to
    /// the same objects; a marked field that refers to a part of this module refers to its copy.
    /// </summary>
    /// <exception cref="NotSupportedException">A field holds parts in a form that cannot be copied.</exception>
    public Module Clone()
    {
        new ModuleWalk(this).RequireNothingHidden();
        var copies = new Dictionary<object, object>(ReferenceEqualityComparer.Instance);
        var twin = (Module)Copy(this, copies)!;
        foreach (var copy in copies.Values.OfType<Module>())
            ModuleFields.ForEachReference(copy, held => copies.GetValueOrDefault(held, held));
        return twin;
    }

    /// <summary>The same, of the type that is known.</summary>
    public static TModule Clone<TModule>(TModule module) where TModule : Module
    {
        ArgumentNullException.ThrowIfNull(module);
        return (TModule)module.Clone();
    }

    private static object? Copy(object? value, Dictionary<object, object> copies)
    {
        if (value is null) return null;
        if (copies.TryGetValue(value, out object? known)) return known;
        RequireStack("clone", "");
        object copy;
        switch (value)
        {
            case Parameter { Parametrization: { } parametrization }:
                copy = Parameter.Of((Parametrization)Copy(parametrization, copies)!);
                break;
            case Parameter parameter:
                copy = parameter.Copy();
                break;
            case StateBuffer buffer:
                copy = new StateBuffer(buffer.Value.CopyDense());
                break;
            case Module module:
                var twin = (Module)module.MemberwiseClone();
                twin.path = "";
                twin.ForgetHooks();
                copies.Add(value, twin);
                ModuleFields.ForEach(twin, held => Copy(held, copies));
                return twin;
            case Array array:
                var items = (Array)array.Clone();
                copies.Add(value, items);
                ModuleFields.ForEach(items, held => Copy(held, copies));
                return items;
            case IList or IDictionary:
                copy = CopyCollection(value, copies);
                break;
            case ITuple and ValueType:
                return CopyTuple(value, copies);
            default:
                return value;
        }
        copies[value] = copy;
        return copy;
    }

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,,,,>))]
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "The fields of tuples are kept by the lines above.")]
    private static object CopyTuple(object tuple, Dictionary<object, object> copies)
    {
        object copy = RuntimeHelpers.GetObjectValue(tuple);
        var fields = copy.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public);
        if (fields.Length == 0)
            throw new NotSupportedException("[clone] a module holds its parts in a tuple whose fields were trimmed away. Use an array, a "
                + "List or a Dictionary.");
        foreach (var field in fields) field.SetValue(copy, Copy(field.GetValue(copy), copies));
        return copy;
    }

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor, typeof(List<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor, typeof(Dictionary<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor, typeof(OrderedDictionary<,>))]
    [UnconditionalSuppressMessage("Trimming", "IL2072",
        Justification = "The constructors of the collections that modules usually have are kept by the lines above; "
            + "of another one the error says what to do.")]
    private static object CopyCollection(object collection, Dictionary<object, object> copies)
    {
        object copy;
        try
        {
            copy = Activator.CreateInstance(collection.GetType())!;
        }
        catch (MissingMethodException e)
        {
            throw new NotSupportedException(
                $"[clone] a module holds its parts in a {collection.GetType().Name}, which cannot be made anew. Use an array, a List "
                + "or a Dictionary.", e);
        }
        if (collection is IDictionary dictionary)
            foreach (DictionaryEntry entry in dictionary) ((IDictionary)copy).Add(entry.Key, Copy(entry.Value, copies));
        else
            foreach (object? item in (IList)collection) ((IList)copy).Add(Copy(item, copies));
        return copy;
    }
}
