using System.Reflection;
using DeepNet.Nn;
using Module = DeepNet.Nn.Module;

namespace DeepNet.RandomPrograms;

/// <summary>All public methods that give tensors, and all public layers, found by reflection.</summary>
internal static class PublicOperators
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IReadOnlyDictionary<string, MethodBase> All { get; } = Find().ToDictionary(Signature.Of);

    private static IEnumerable<MethodBase> Find()
    {
        foreach (var type in typeof(Tensor).Assembly.GetExportedTypes())
        {
            bool isModule = typeof(Module).IsAssignableFrom(type);
            bool isStatic = type is { IsAbstract: true, IsSealed: true };
            if (type != typeof(Tensor) && !isModule && !isStatic) continue;
            foreach (var method in type.GetMethods(Declared))
                if (IsOperator(method, isModule)) yield return method;
            if (!isModule || type.IsAbstract) continue;
            foreach (var constructor in type.GetConstructors()) yield return constructor;
        }
    }

    // A layer's own Forward(Tensor) is covered with its constructor.
    private static bool IsOperator(MethodInfo method, bool isModule)
    {
        bool gives = Gives(method.ReturnType) || method.Name == "set_Parts";
        bool takes = method.GetParameters().Any(p => Gives(p.ParameterType) || p.ParameterType == typeof(ReadOnlySpan<Tensor>));
        if (method.DeclaringType == typeof(Tensor)) return gives;
        return gives && takes && !(isModule && method.GetParameters().Length == 1 && method.Name == nameof(Module.Forward));
    }

    private static bool Gives(Type type)
        => type == typeof(Tensor) || type == typeof(Tensor[])
        || (type.IsGenericType && type.Name.StartsWith("ValueTuple", StringComparison.Ordinal) && type.GetGenericArguments().Any(Gives));
}
