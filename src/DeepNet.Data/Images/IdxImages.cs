using System.Globalization;
using DeepNet.Data.Files;

namespace DeepNet.Data.Images;

/// <summary>A pair of IDX files, images and labels.</summary>
internal static class IdxImages
{
    // EMNIST counts letters from 1, and exchanges rows and columns.
    public static ImageDataset Read(
        DataFile images, DataFile labels, IReadOnlyList<string>? classes, DataLimits? limits, int firstLabel = 0, bool isTransposed = false)
    {
        var array = IdxArray.Read(images, limits);
        if (array.Type != IdxType.UInt8 || array.Lengths is not [int count, int height, int width] || height < 1 || width < 1)
            throw DataFormatException.AtByte(
                images.Name, 2,
                $"an array of {string.Join("×", array.Lengths)} ({array.Type}) is no file of images: those are bytes, "
                    + "N×height×width. Are images and labels exchanged?");
        if ((long)height * width > Array.MaxLength)
            throw DataFormatException.AtByte(
                images.Name, IdxArray.MagicBytes + IdxArray.LengthBytes, $"images of {height}×{width} cannot be.");
        var names = IdxArray.Read(labels, limits);
        if (names.Type != IdxType.UInt8 || names.Lengths is not [int labelCount])
            throw DataFormatException.AtByte(
                labels.Name, 2,
                $"an array of {string.Join("×", names.Lengths)} ({names.Type}) is no file of labels: those are bytes, N. Are images and "
                    + "labels exchanged?");
        if (labelCount != count)
            throw DataFormatException.AtByte(
                labels.Name, IdxArray.MagicBytes,
                $"there are {labelCount} labels for the {count} images of {images.Name}. Is one of the training part and the other "
                    + "of the test part?");

        var y = new int[count];
        for (int i = 0; i < count; i++)
        {
            y[i] = names.Bytes[i] - firstLabel;
            if (y[i] < 0 || classes is not null && y[i] >= classes.Count)
                throw DataFormatException.AtByte(
                    labels.Name, names.HeaderBytes + i,
                    $"label {names.Bytes[i]} of image {i} is outside of {firstLabel} to {firstLabel + (classes?.Count ?? 256) - 1}.");
        }
        classes ??= [.. Enumerable.Range(0, y.Length == 0 ? 0 : y.Max() + 1).Select(c => c.ToString(CultureInfo.InvariantCulture))];
        if (isTransposed && count > 0) Transpose(array.Bytes, count, ref height, ref width);
        return new ImageDataset(array.Bytes, y, 1, height, width, classes);
    }

    private static void Transpose(byte[] pixels, int count, ref int height, ref int width)
    {
        byte[] old = new byte[height * width];
        for (int i = 0; i < count; i++)
        {
            var image = pixels.AsSpan(i * old.Length, old.Length);
            image.CopyTo(old);
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    image[x * height + y] = old[y * width + x];
        }
        (height, width) = (width, height);
    }
}
