using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Copy(Tensor from, Tensor to)
    {
        if (to.Count == 0) return;
        if (from.DType == to.DType)
        {
            switch (to.DType.Size())
            {
                case 1: CopyLoop.Run(from, to, from.Pointer<byte>(), to.Pointer<byte>()); break;
                case 2: CopyLoop.Run(from, to, from.Pointer<ushort>(), to.Pointer<ushort>()); break;
                case 4: CopyLoop.Run(from, to, from.Pointer<uint>(), to.Pointer<uint>()); break;
                default: CopyLoop.Run(from, to, from.Pointer<ulong>(), to.Pointer<ulong>()); break;
            }
        }
        else
        {
            var source = from.Detach().Contiguous();
            var target = to.IsContiguous ? to : Tensor.Allocate(to.Shape, to.DType, this);
            ConvertLoop.Run(source.DType, source.RawPointer, target.DType, target.RawPointer, to.Count);
            if (!ReferenceEquals(source.Storage, from.Storage)) source.Storage.Release();
            if (!ReferenceEquals(target, to))
            {
                Copy(target, to);
                target.Storage.Release();
            }
            GC.KeepAlive(source);
            GC.KeepAlive(target);
        }
        from.EndRead("copy");
        GC.KeepAlive(to);
    }

    /// <inheritdoc/>
    protected internal override void Fill(Tensor tensor, Scalar value)
    {
        if (tensor.Count == 0) return;
        switch (tensor.DType)
        {
            case DType.Bool: FillLoop.Run(tensor, value.ToDouble() != 0 ? (byte)1 : (byte)0); break;
            case DType.UInt8: FillLoop.Run(tensor, byte.CreateSaturating(value.ToInt64())); break;
            case DType.Int8: FillLoop.Run(tensor, sbyte.CreateSaturating(value.ToInt64())); break;
            case DType.Int32: FillLoop.Run(tensor, int.CreateSaturating(value.ToInt64())); break;
            case DType.Int64: FillLoop.Run(tensor, value.ToInt64()); break;
            case DType.Float16: FillLoop.Run(tensor, (Half)value.ToDouble()); break;
            case DType.BFloat16: FillLoop.Run(tensor, (BFloat16)value.ToDouble()); break;
            case DType.Float32: FillLoop.Run(tensor, (float)value.ToDouble()); break;
            default: FillLoop.Run(tensor, value.ToDouble()); break;
        }
    }

    /// <inheritdoc/>
    protected internal override void Select(Tensor condition, Tensor a, Tensor b, Tensor y)
    {
        if (y.Count == 0) return;
        switch (y.DType.Size())
        {
            case 1: SelectLoop.Run<byte>(condition, a, b, y); break;
            case 2: SelectLoop.Run<ushort>(condition, a, b, y); break;
            case 4: SelectLoop.Run<uint>(condition, a, b, y); break;
            default: SelectLoop.Run<ulong>(condition, a, b, y); break;
        }
    }
}
