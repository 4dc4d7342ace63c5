package cloud_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"alarmrelay/relay/cloud"
	"alarmrelay/relay/incident"
	"alarmrelay/relay/incident/incidenttest"
)

// ALARMRELAY_DYNAMODB_ENDPOINT names somebody else's DynamoDB, as .ci/emulator does: what our own
// fake says of the service is then not only our word.
func TestTableKeepsTheLawsOfAStoreOnAnEmulator(t *testing.T) {
	endpoint := os.Getenv("ALARMRELAY_DYNAMODB_ENDPOINT")
	if endpoint == "" {
		t.Log("ALARMRELAY_DYNAMODB_ENDPOINT is not set: the table is checked on our own fake alone")
		return
	}
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", endpoint)
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret-key-of-nobody")
	cfg, err := cloud.FromEnvironment(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client := dynamodb.NewFromConfig(cfg, func(o *dynamodb.Options) { o.BaseEndpoint = &endpoint })
	incidenttest.Run(t, func(t *testing.T, now func() time.Time) incident.Store {
		return cloud.NewTable(createTable(t, client), cloud.FromEnvironment, now)
	})
}

// createTable makes a table as docs/store.md says, and deletes it after the test.
func createTable(t *testing.T, client *dynamodb.Client) (name string) {
	t.Helper()
	name = "alarmrelay-" + strings.ReplaceAll(time.Now().UTC().Format("150405.000000000"), ".", "-")
	key := func(name string, is types.KeyType) types.KeySchemaElement {
		return types.KeySchemaElement{AttributeName: &name, KeyType: is}
	}
	text := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
	}
	_, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{text("pk"), text("sk"), text("open")},
		KeySchema:            []types.KeySchemaElement{key("pk", types.KeyTypeHash), key("sk", types.KeyTypeRange)},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("open"), KeySchema: []types.KeySchemaElement{key("open", types.KeyTypeHash), key("pk", types.KeyTypeRange)},
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &name}); err != nil {
			t.Error(err)
		}
	})
	waiter := dynamodb.NewTableExistsWaiter(client, func(o *dynamodb.TableExistsWaiterOptions) { o.MinDelay = 50 * time.Millisecond })
	if err := waiter.Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: &name}, time.Minute); err != nil {
		t.Fatal(err)
	}
	return name
}
