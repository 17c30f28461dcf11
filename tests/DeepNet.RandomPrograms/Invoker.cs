using System.Linq.Expressions;
using System.Reflection;

namespace DeepNet.RandomPrograms;

/// <summary>Calls methods found by reflection, those with spans among their parameters too: an array stands for a span.</summary>
internal static class Invoker
{
    private static readonly Dictionary<MethodBase, Func<object?[], object?>> Compiled = [];

    public static object? Call(MethodBase method, object?[] arguments)
    {
        if (!Compiled.TryGetValue(method, out var call)) Compiled[method] = call = Compile(method);
        return call(arguments);
    }

    private static Func<object?[], object?> Compile(MethodBase method)
    {
        var arguments = Expression.Parameter(typeof(object[]));
        int next = 0;
        var instance = method is { IsStatic: false, IsConstructor: false } ? Argument(method.DeclaringType!) : null;
        var parameters = method.GetParameters().Select(p => Argument(p.ParameterType)).ToArray();
        Expression call = method is ConstructorInfo constructor ? Expression.New(constructor, parameters)
            : Expression.Call(instance, (MethodInfo)method, parameters);
        Expression body = call.Type == typeof(void) ? Expression.Block(call, Expression.Constant(null))
            : Expression.Convert(call, typeof(object));
        return Expression.Lambda<Func<object?[], object?>>(body, arguments).Compile();

        Expression Argument(Type type)
        {
            var item = Expression.ArrayIndex(arguments, Expression.Constant(next++));
            if (!type.IsByRefLike) return Expression.Convert(item, type);
            var array = type.GetGenericArguments()[0].MakeArrayType();
            return Expression.Call(type.GetMethod("op_Implicit", [array])!, Expression.Convert(item, array));
        }
    }
}
