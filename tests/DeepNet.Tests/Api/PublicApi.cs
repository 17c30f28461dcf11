using System.Reflection;
using System.Text;

namespace DeepNet.Tests.Api;

/// <summary>The public surface of an assembly as sorted lines that read like C#.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(nint)] = "nint", [typeof(float)] = "float", [typeof(double)] = "double",
        [typeof(string)] = "string", [typeof(object)] = "object", [typeof(char)] = "char",
    };

    public static string[] Of(Assembly assembly)
        => [.. assembly.GetExportedTypes().SelectMany(Lines).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        string owner = Name(type, qualified: true);
        yield return $"{owner} : {Kind(type)}{Bases(type)}";
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetValuesAsUnderlyingType(type)) yield return $"{owner}.{Enum.GetName(type, value)} = {value}";
            yield break;
        }
        if (typeof(Delegate).IsAssignableFrom(type)) yield break;
        foreach (var member in type.GetMembers(Declared))
            if (Describe(member) is { } text) yield return $"{owner}.{text}";
    }

    private static string Kind(Type type)
        => type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsValueType ? (IsReadOnly(type) ? "readonly " : "") + (type.IsByRefLike ? "ref struct" : "struct")
        : type.IsAbstract && type.IsSealed ? "static class"
        : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
        : (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + "class";

    private static bool IsReadOnly(Type type) => type.CustomAttributes.Any(a => a.AttributeType.Name == "IsReadOnlyAttribute");

    private static string Bases(Type type)
    {
        var bases = new List<string>();
        if (type.IsClass && type.BaseType is { } b && b != typeof(object) && !typeof(Delegate).IsAssignableFrom(type)) bases.Add(Name(b));
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        if (!type.IsEnum)
            bases.AddRange(
                type.GetInterfaces().Except(inherited).Where(i => i.IsPublic).Select(i => Name(i)).Order(StringComparer.Ordinal));
        return bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo c when IsVisible(c) => $"{Access(c)}new({Parameters(c)})",
        MethodInfo m when IsVisible(m) && (!m.IsSpecialName || m.Name.StartsWith("op_", StringComparison.Ordinal))
            => $"{Access(m)}{m.Name}{Generics(m)}({Parameters(m)}) -> {Return(m)}",
        PropertyInfo p when Accessors(p) is { Length: > 0 } accessors => Property(p, accessors),
        FieldInfo f when f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly
            => $"{(f.IsStatic ? f.IsLiteral ? "const " : "static " : "")}{f.Name} -> "
                + $"{Name(f.FieldType)}{(f.IsLiteral ? $" = {f.GetRawConstantValue()}" : "")}",
        EventInfo e when e.AddMethod is { } add && IsVisible(add) => $"event {e.Name} -> {Name(e.EventHandlerType!)}",
        _ => null,
    };

    private static string Property(PropertyInfo p, MethodInfo[] accessors)
    {
        var index = p.GetIndexParameters();
        string name = index.Length > 0 ? $"this[{string.Join(", ", index.Select(Parameter))}]" : p.Name;
        string body = string.Join(" ", accessors.Select(a => a == p.GetMethod ? "get;" : "set;"));
        return $"{Access(accessors[0])}{name} {{ {body} }} -> "
            + $"{Name(p.PropertyType)}{Mark(Nullability.Create(p).ReadState, p.PropertyType)}";
    }

    private static MethodInfo[] Accessors(PropertyInfo p) => [.. new[] { p.GetMethod, p.SetMethod }.OfType<MethodInfo>().Where(IsVisible)];

    private static bool IsVisible(MethodBase m) => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly;

    private static string Access(MethodBase m)
    {
        var text = new StringBuilder();
        if (!m.IsPublic) text.Append("protected ");
        if (m.IsStatic) text.Append("static ");
        if (m.IsAbstract && !m.DeclaringType!.IsInterface) text.Append("abstract ");
        else if (m is MethodInfo { IsVirtual: true, IsFinal: false } v && v.GetBaseDefinition() != v) text.Append("override ");
        else if (m is { IsVirtual: true, IsFinal: false } && !m.DeclaringType!.IsInterface) text.Append("virtual ");
        return text.ToString();
    }

    private static string Generics(MethodInfo m)
        => m.IsGenericMethodDefinition ? $"<{string.Join(", ", m.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Return(MethodInfo m) => Name(m.ReturnType) + Mark(Nullability.Create(m.ReturnParameter).ReadState, m.ReturnType);

    private static string Parameters(MethodBase m) => string.Join(", ", m.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo p)
    {
        string way = p.IsOut ? "out " : p.ParameterType.IsByRef ? p.IsIn ? "in " : "ref " : "";
        bool isParams = p.CustomAttributes.Any(a => a.AttributeType.Name is "ParamArrayAttribute" or "ParamCollectionAttribute");
        string mark = p.ParameterType.IsByRef ? "" : Mark(Nullability.Create(p).WriteState, p.ParameterType);
        return $"{(isParams ? "params " : "")}{way}{Name(p.ParameterType)}{mark} {p.Name}{(p.HasDefaultValue ? $" = {Default(p)}" : "")}";
    }

    private static string Default(ParameterInfo p) => p.RawDefaultValue switch
    {
        null => p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? "default" : "null",
        bool b => b ? "true" : "false",
        string s => $"\"{s}\"",
        var v when p.ParameterType.IsEnum => $"{Name(p.ParameterType)}.{Enum.ToObject(p.ParameterType, v)}",
        IFormattable v => v.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        var v => v.ToString()!,
    };

    private static string Mark(NullabilityState state, Type type) => state == NullabilityState.Nullable && !type.IsValueType ? "?" : "";

    private static string Name(Type type, bool qualified = false)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsPointer) return Name(type.GetElementType()!) + "*";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsGenericParameter) return type.Name;
        if (Keywords.TryGetValue(type, out string? keyword)) return keyword;
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Name(underlying) + "?";
        string name = type.Name;
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        if (tick >= 0) name = name[..tick];
        if (type.DeclaringType is { } outer && !type.IsGenericParameter) name = $"{Name(outer)}.{name}";
        else if (qualified) name = $"{type.Namespace}.{name}";
        var arguments = type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0).ToArray();
        return arguments.Length == 0 ? name : $"{name}<{string.Join(", ", arguments.Select(a => Name(a)))}>";
    }
}
