package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

const (
	// partSize is what an upload holds in memory for each part: the least
	// that S3 takes, good for files up to 50 GB.
	partSize = 5 << 20
	// partsAtOnce is how many parts of one upload travel at the same time.
	partsAtOnce = 2
	// giveUpPatience bounds the removal of a failed upload's parts.
	giveUpPatience = 10 * time.Second
)

// S3Options name a bucket.
type S3Options struct {
	Bucket string
	// Region of the bucket; with an Endpoint, empty means us-east-1.
	Region string
	// Endpoint is the address of a server that speaks S3; empty means
	// Amazon's. With one, the bucket goes into the path.
	Endpoint string
	// Client carries the requests to the bucket; nil means the SDK's own. Its
	// time limit must allow for the largest file, and it brings the certificate
	// authorities that it believes.
	Client *http.Client
	// Credentials replace those that the SDK finds in its environment.
	Credentials aws.CredentialsProvider
}

// S3 keeps blobs in a bucket.
type S3 struct {
	bucket   string
	client   *s3.Client
	uploader *transfermanager.Client
}

// OpenS3 prepares the use of a bucket and checks that it can be reached.
func OpenS3(ctx context.Context, opts S3Options) (*S3, error) {
	var load []func(*config.LoadOptions) error
	if opts.Credentials != nil {
		load = append(load, config.WithCredentialsProvider(opts.Credentials))
	}
	if opts.Region == "" && opts.Endpoint != "" {
		opts.Region = "us-east-1"
	}
	if opts.Region != "" {
		load = append(load, config.WithRegion(opts.Region))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, fmt.Errorf("configure S3: %w", err)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		if opts.Client != nil {
			// For the bucket only: the SDK asks for credentials elsewhere, and
			// puts the bundle of AWS_CA_BUNDLE into no client but its own.
			o.HTTPClient = opts.Client
		}
		if opts.Endpoint != "" {
			o.BaseEndpoint = &opts.Endpoint
			o.UsePathStyle = true
		}
		// Servers that speak S3 differ in the newer checksums.
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
	})
	if _, err := client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &opts.Bucket}); err != nil {
		return nil, fmt.Errorf("reach bucket %q (check OMNI_S3_BUCKET, OMNI_S3_REGION, OMNI_S3_ENDPOINT and the credentials): %w", opts.Bucket, err)
	}
	uploader := transfermanager.New(client, func(o *transfermanager.Options) {
		o.PartSizeBytes, o.MultipartUploadThreshold, o.Concurrency = partSize, partSize, partsAtOnce
		o.FailTimeout = giveUpPatience // the parts of a failed upload are removed, also when ctx has ended
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired
	})
	return &S3{bucket: opts.Bucket, client: client, uploader: uploader}, nil
}

// Put implements Blobs: small ones in one request, others in parts. Where the
// parts of a failed upload cannot be removed, the bucket's own rule for
// unfinished uploads must.
func (s *S3) Put(ctx context.Context, key string, body io.Reader) (int64, error) {
	if err := checkKey(key); err != nil {
		return 0, err
	}
	counted := &countingReader{r: contextReader{ctx, body}}
	// Only a reader: the SDK would seek in a file and read it twice.
	input := &transfermanager.UploadObjectInput{Bucket: &s.bucket, Key: &key, Body: counted}
	if _, err := s.uploader.UploadObject(ctx, input); err != nil {
		return 0, fmt.Errorf("store blob %s: %w", key, err)
	}
	return counted.n, nil
}

// Open implements Blobs.
func (s *S3) Open(ctx context.Context, key string, part Range) (io.ReadCloser, error) {
	if err := errors.Join(checkKey(key), part.check()); err != nil {
		return nil, err
	}
	input := &s3.GetObjectInput{Bucket: &s.bucket, Key: &key}
	switch {
	case part.Length > 0:
		input.Range = aws.String(fmt.Sprintf("bytes=%d-%d", part.From, part.From+part.Length-1))
	case part.From > 0:
		input.Range = aws.String(fmt.Sprintf("bytes=%d-", part.From))
	}
	out, err := s.client.GetObject(ctx, input)
	if err != nil && part.From == 0 && part.Length > 0 && codeOf(err) == "InvalidRange" {
		// An empty blob has no bytes to name; its start is good all the same.
		input.Range = nil
		out, err = s.client.GetObject(ctx, input)
	}
	if err != nil {
		return nil, s.explain(key, err)
	}
	return out.Body, nil
}

// Size implements Blobs.
func (s *S3) Size(ctx context.Context, key string) (int64, error) {
	if err := checkKey(key); err != nil {
		return 0, err
	}
	out, err := s.client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &s.bucket, Key: &key})
	if err != nil {
		return 0, s.explain(key, err)
	}
	return aws.ToInt64(out.ContentLength), nil
}

// Delete implements Blobs.
func (s *S3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: &key})
	if err = s.explain(key, err); err != nil && !errors.Is(err, ErrNoBlob) {
		return err
	}
	return nil
}

// explain gives S3's errors the names of this package.
func (s *S3) explain(key string, err error) error {
	if err == nil {
		return nil
	}
	switch codeOf(err) {
	case "NoSuchKey", "NotFound":
		return fmt.Errorf("blob %s: %w", key, ErrNoBlob)
	case "InvalidRange":
		return fmt.Errorf("blob %s: %w", key, ErrBadRange)
	}
	return fmt.Errorf("blob %s in bucket %s: %w", key, s.bucket, err)
}

func codeOf(err error) string {
	var said smithy.APIError
	if errors.As(err, &said) {
		return said.ErrorCode()
	}
	return ""
}

// countingReader counts what was read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
