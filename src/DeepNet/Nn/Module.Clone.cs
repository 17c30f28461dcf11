using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace DeepNet.Nn;

public abstract partial class Module
{
    /// <summary>
    /// A copy with parameters, buffers and modules of its own; what is shared inside the module is shared inside the copy. Gradients,
    /// hooks and paths are not copied, and fields that hold none of those keep referring to the same objects.
    /// </summary>
    public Module Clone() => (Module)Copy(this, new Dictionary<object, object>(ReferenceEqualityComparer.Instance))!;

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
        object copy;
        switch (value)
        {
            case Parameter parameter:
                copy = new Parameter(parameter.Value.CopyDense(), parameter.RequiresGrad);
                break;
            case Buffer buffer:
                copy = new Buffer(buffer.Value.CopyDense());
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
            default:
                return value;
        }
        copies[value] = copy;
        return copy;
    }

    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor, typeof(List<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor, typeof(Dictionary<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor, typeof(OrderedDictionary<,>))]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "The constructors of the collections that modules usually have are kept by the lines above; of another one the error says what to do.")]
    private static object CopyCollection(object collection, Dictionary<object, object> copies)
    {
        object copy;
        try
        {
            copy = Activator.CreateInstance(collection.GetType())!;
        }
        catch (MissingMethodException e)
        {
            throw new NotSupportedException($"[clone] a module holds its parts in a {collection.GetType().Name}, which cannot be made anew. Use an array, a List or a Dictionary.", e);
        }
        if (collection is IDictionary dictionary)
            foreach (DictionaryEntry entry in dictionary) ((IDictionary)copy).Add(entry.Key, Copy(entry.Value, copies));
        else
            foreach (object? item in (IList)collection) ((IList)copy).Add(Copy(item, copies));
        return copy;
    }
}
