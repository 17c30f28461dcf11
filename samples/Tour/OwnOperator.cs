using System.Runtime.CompilerServices;
using DeepNet.Ops;

namespace DeepNet.Tour;

/// <summary>y = x² where positive, 0 elsewhere. This is all there is to write: kernel and derivatives come from the formula.</summary>
internal readonly struct SquaredRelu : IUnaryOp<SquaredRelu>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Forward<V>(V x) where V : INumber<V> => V.IfGreater(x, V.Constant(0), x * x, V.Constant(0));
}

/// <summary>Uses it.</summary>
internal static class OwnOperator
{
    public static void Show()
    {
        var x = Tensor.From<float>(-1, 0.5f, 3).WithGrad();
        var y = x.Apply(new SquaredRelu());
        y.Backward(Tensor.Ones(3));
        Console.WriteLine(
            $"   squared ReLU of [-1, 0.5, 3] = [{string.Join(", ", y.ToArray())}], derivative [{string.Join(", ", x.Grad!.ToArray())}]");
    }
}
